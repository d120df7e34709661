//! Responses.

use oas_model::{Link, Response, StatusPattern};

use crate::comparison::{ChangeBuilder, Comparison};
use crate::rule::{Rule, is};

use super::body::{match_content, names};
use super::call::Call;
use super::matching::is_same_content;

impl<'a> Comparison<'a> {
    pub(crate) fn compare_responses(&mut self, call: Call<'a>) {
        let (old, new) = (&call.old.responses, &call.new.responses);
        for was in old {
            if let Some(is) = new.iter().find(|is| is.status == was.status) {
                self.compare_response(call, was, is);
            }
        }
        let mut removed: Vec<&'a Response> = old.iter().filter(|was| is_without_status(new, was.status)).collect();
        let mut added: Vec<&'a Response> = new.iter().filter(|is| is_without_status(old, is.status)).collect();
        self.compare_moved_successes(call, &mut removed, &mut added);
        for was in removed {
            self.compare_removed_response(call, was);
        }
        for is in added {
            self.compare_new_response(call, is);
        }
    }

    /// Takes out successes that only have another status now, and tells about the status.
    fn compare_moved_successes(
        &mut self,
        call: Call<'a>,
        removed: &mut Vec<&'a Response>,
        added: &mut Vec<&'a Response>,
    ) {
        let is_code = |one: &&Response| one.status.is_success() && matches!(one.status, StatusPattern::Code(_));
        let covers = |all: &[Response], narrow: StatusPattern| {
            all.iter().any(|one| one.status.is_success() && is_wider(one.status, narrow))
        };
        let (old, new) = (&call.old.responses, &call.new.responses);
        let is_alone = removed.iter().filter(|one| is_code(one)).count() == 1
            && added.iter().filter(|one| is_code(one)).count() == 1;
        removed.retain(|was| {
            if !is_code(was) || covers(new, was.status) {
                return true;
            }
            let is_like = |is: &&Response| is_code(is) && !covers(old, is.status);
            let same = added.iter().position(|is| is_like(is) && is_same_content(self, &was.content, &is.content));
            let Some(index) = same.or_else(|| added.iter().position(is_like).filter(|_| is_alone)) else { return true };
            let is = added.remove(index);
            let change = response_change(call, is::SUCCESS_MOVED, is).at(Some(&was.at), Some(&is.at));
            self.add(change.from(was.status.to_string()).to(is.status.to_string()));
            // Where only one of them has a body, the status says so.
            if was.content.is_empty() == is.content.is_empty() {
                self.compare_response(call, was, is);
            }
            false
        });
    }

    /// A response that the revision does not list: a wider one may stand for it.
    fn compare_removed_response(&mut self, call: Call<'a>, was: &'a Response) {
        let (old, new) = (&call.old.responses, &call.new.responses);
        let place_here = call.new.at.child("responses");
        if let Some(is) = standing_for(new, was.status) {
            let is_known = old.iter().any(|other| other.status == is.status);
            if matches!(was.status, StatusPattern::Code(_))
                && was.status.is_success()
                && is.status == StatusPattern::Default
            {
                // Without a success of its own, the default is one for clients; where it was there before, it was not.
                let rule = if is_known { is::LAST_SUCCESS_REMOVED } else { is::RESPONSE_STATUS_WIDENED };
                let change = response_change(call, rule, was).at(Some(&was.at), Some(&is.at));
                self.add(change.from(was.status.to_string()).to("any success".to_owned()));
                if !is_known {
                    self.compare_content(call, was, is);
                }
                return;
            }
            self.compare_content(call, was, is);
            // The wider one is reported as new or wider where it stands.
            if is_known {
                self.add(response_change(call, is::RESPONSE_UNDESCRIBED, was).at(Some(&was.at), Some(&place_here)));
            }
            return;
        }
        let is_narrowed =
            new.iter().any(|is| is_wider(was.status, is.status) && !matches!(was.status, StatusPattern::Default));
        let is_success = was.status.is_success();
        let is_last = !new.iter().any(|is| is.status.is_success() || is.status == StatusPattern::Default);
        let rule = match was.status {
            _ if is_narrowed => is::RESPONSE_STATUS_NARROWED,
            StatusPattern::Default => is::DEFAULT_RESPONSE_REMOVED,
            _ if is_success && is_last => is::LAST_SUCCESS_REMOVED,
            _ if is_success => is::SUCCESS_REMOVED,
            _ => is::ERROR_REMOVED,
        };
        let narrowed = new.iter().filter(|is| is_wider(was.status, is.status)).map(|is| is.status.to_string());
        self.add(
            response_change(call, rule, was)
                .at(Some(&was.at), Some(&place_here))
                .from(was.status.to_string())
                .to(narrowed.collect::<Vec<_>>().join(", ")),
        );
    }

    /// A response that the base does not list: a wider one may have stood for it.
    fn compare_new_response(&mut self, call: Call<'a>, is: &'a Response) {
        let (old, new) = (&call.old.responses, &call.new.responses);
        let place_there = call.old.at.child("responses");
        if let Some(was) = standing_for(old, is.status) {
            self.compare_content(call, was, is);
            let is_kept = new.iter().any(|other| other.status == was.status);
            let is_one = matches!(is.status, StatusPattern::Code(_)) && is.status.is_success();
            if is_one && was.status == StatusPattern::Default {
                let change = response_change(call, is::RESPONSE_STATUS_NARROWED, is).at(Some(&was.at), Some(&is.at));
                self.add(change.from("any success".to_owned()).to(is.status.to_string()));
            } else if is_kept {
                self.add(response_change(call, is::ERROR_DESCRIBED, is).at(Some(&place_there), Some(&is.at)));
            }
            return;
        }
        let narrower: Vec<String> =
            old.iter().filter(|was| is_wider(is.status, was.status)).map(|was| was.status.to_string()).collect();
        // The default that stands for a success is told about where the success was.
        let is_told = is.status == StatusPattern::Default
            && !new.iter().any(|one| one.status.is_success())
            && old.iter().any(|one| one.status.is_success());
        if is_told {
            return;
        }
        let rule = match is.status {
            StatusPattern::Default => is::DEFAULT_RESPONSE_ADDED,
            StatusPattern::Range(2) if !narrower.is_empty() => is::RESPONSE_STATUS_WIDENED,
            status if status.is_success() => is::SUCCESS_ADDED,
            _ => is::ERROR_ADDED,
        };
        let change = response_change(call, rule, is).at(Some(&place_there), Some(&is.at));
        self.add(change.from(narrower.join(", ")).to(is.status.to_string()));
    }

    fn compare_response(&mut self, call: Call<'a>, was: &'a Response, is: &'a Response) {
        self.compare_content(call, was, is);
        let subject = response_subject(call, is);
        self.compare_headers(call, &subject, (&was.headers, &was.at), (&is.headers, &is.at));
        self.compare_links(call, &subject, was, is);
        self.compare_words_at(&subject, &was.at, &is.at);
    }

    fn compare_content(&mut self, call: Call<'a>, was: &'a Response, is: &'a Response) {
        let exchange = call.response();
        let change = |rule: Rule| {
            ChangeBuilder::new(rule, response_subject(call, is))
                .at(Some(&was.at), Some(&is.at))
                .in_exchange(exchange)
                .of(call.number)
        };
        match (was.content.is_empty(), is.content.is_empty()) {
            (true, true) => return,
            (false, true) => return self.add(change(is::RESPONSE_BODY_DROPPED)),
            (true, false) => return self.add(change(is::RESPONSE_BODY_ADDED)),
            (false, false) => {}
        }
        let matched = match_content(&was.content, &is.content);
        for (old, new) in &matched.pairs {
            self.enter_content(call, exchange, (old, new), true);
            self.compare_media_type_parameters(call, exchange, old, new);
            self.compare_encodings(call, exchange, old, new);
            self.compare_words_at(&format!("`{}` of {}", new.name, response_subject(call, is)), &old.at, &new.at);
        }
        for (old, left) in &matched.narrowed {
            let narrowed = change(is::RESPONSE_MEDIA_TYPE_NARROWED).at(Some(&old.at), Some(&is.at));
            self.add(narrowed.from(names(&[old])).to(names(left)));
        }
        for (new, before) in &matched.widened {
            let widened = change(is::RESPONSE_MEDIA_TYPE_WIDENED).at(Some(&was.at), Some(&new.at));
            self.add(widened.from(names(before)).to(names(&[new])));
        }
        for old in &matched.removed {
            self.add(
                change(is::RESPONSE_MEDIA_TYPE_REMOVED).at(Some(&old.at), Some(&is.at)).name(format!("`{}`", old.name)),
            );
        }
        for new in &matched.added {
            self.add(
                change(is::RESPONSE_MEDIA_TYPE_ADDED).at(Some(&was.at), Some(&new.at)).name(format!("`{}`", new.name)),
            );
        }
    }

    fn compare_links(&mut self, call: Call<'a>, subject: &str, was: &'a Response, is: &'a Response) {
        let names = was.links.keys().chain(is.links.keys().filter(|name| !was.links.contains_key(*name)));
        for name in names {
            let (old, new) = (was.links.get(name), is.links.get(name));
            let rule = match (old, new) {
                (Some(old), Some(new)) if is_same_link(old, new) => {
                    self.compare_words_at(&format!("the link `{name}` of {subject}"), &old.at, &new.at);
                    continue;
                }
                (Some(_), Some(_)) => is::LINK_CHANGED,
                (None, _) => is::LINK_ADDED,
                (Some(_), None) => is::LINK_REMOVED,
            };
            let place_there = old.map_or(&was.at, |link| &link.at);
            let place_here = new.map_or(&is.at, |link| &link.at);
            let change = ChangeBuilder::new(rule, subject).at(Some(place_there), Some(place_here));
            self.add(change.in_exchange(call.response()).of(call.number).name(format!("`{name}`")));
        }
    }
}

fn is_same_link(old: &Link, new: &Link) -> bool {
    let Link { at: _, target, parameters, request_body, description: _, server, extensions: _ } = old;
    let url = |server: &Option<oas_model::Server>| server.as_ref().map(|server| server.url.clone());
    *target == new.target
        && *parameters == new.parameters
        && *request_body == new.request_body
        && url(server) == url(&new.server)
}

fn response_subject(call: Call<'_>, response: &Response) -> String {
    format!("the {} response of {}", response.status, call.subject())
}

fn response_change(call: Call<'_>, rule: Rule, response: &Response) -> ChangeBuilder {
    let subject = call.subject();
    ChangeBuilder::new(rule, subject).in_exchange(call.response()).of(call.number).name(response.status.to_string())
}

fn is_without_status(responses: &[Response], status: StatusPattern) -> bool {
    responses.iter().all(|one| one.status != status)
}

/// The wider response that clients take an answer of this status by: the default is a success only where the operation
/// lists none.
fn standing_for(responses: &[Response], status: StatusPattern) -> Option<&Response> {
    let lists_success = responses.iter().any(|one| one.status.is_success());
    responses.iter().find(|one| {
        is_wider(one.status, status) && !(one.status == StatusPattern::Default && status.is_success() && lists_success)
    })
}

/// Whether `wide` stands for every status of `narrow`, and for others.
fn is_wider(wide: StatusPattern, narrow: StatusPattern) -> bool {
    match (wide, narrow) {
        (StatusPattern::Default, StatusPattern::Code(_) | StatusPattern::Range(_)) => true,
        (StatusPattern::Range(hundred), StatusPattern::Code(code)) => code / 100 == u16::from(hundred),
        _ => false,
    }
}
