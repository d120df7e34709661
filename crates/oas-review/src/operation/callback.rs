//! Requests that the API sends: callbacks and webhooks.

use oas_model::{Callback, Operation};

use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::is;

use super::call::Call;

impl<'a> Comparison<'a> {
    pub(crate) fn compare_callbacks(&mut self, call: Call<'a>) {
        let (old, new) = (&call.old.callbacks, &call.new.callbacks);
        let mut added: Vec<&'a Callback> = new.iter().collect();
        let mut removed = Vec::new();
        for was in old {
            let same = |is: &&'a Callback| is.name == was.name && is.expression == was.expression;
            match added.iter().position(same) {
                Some(index) => {
                    let is = added.remove(index);
                    self.compare_callback_operations(&was.operations, &is.operations);
                }
                None => removed.push(was),
            }
        }
        for was in removed {
            let title = format!("`{}`", was.name);
            if let Some(index) = added.iter().position(|is| is.name == was.name) {
                let is = added.remove(index);
                let change =
                    ChangeBuilder::new(is::CALLBACK_MOVED, call.subject()).at(Some(&was.at), Some(&is.at)).name(title);
                let change = change.from(was.expression.as_str()).to(is.expression.as_str());
                self.add(change.in_exchange(Exchange::CallbackRequest).of(call.number));
                self.compare_callback_operations(&was.operations, &is.operations);
                continue;
            }
            let change = ChangeBuilder::new(is::CALLBACK_REMOVED, call.subject()).at(Some(&was.at), Some(&call.new.at));
            self.add(change.in_exchange(Exchange::CallbackRequest).of(call.number).name(title));
        }
        for is in added {
            let change = ChangeBuilder::new(is::CALLBACK_ADDED, call.subject()).at(Some(&call.old.at), Some(&is.at));
            self.add(change.in_exchange(Exchange::CallbackRequest).of(call.number).name(format!("`{}`", is.name)));
        }
    }

    pub(crate) fn compare_webhooks(&mut self) {
        let (old, new) = (&self.base.api.webhooks, &self.revision.api.webhooks);
        for was in old {
            if let Some(is) = new.iter().find(|is| is.name == was.name) {
                self.compare_callback_operations(&was.operations, &is.operations);
            } else {
                let change = ChangeBuilder::new(is::WEBHOOK_REMOVED, "the API").at(Some(&was.at), None);
                self.add(change.in_exchange(Exchange::CallbackRequest).name(format!("`{}`", was.name)));
            }
        }
        for is in new.iter().filter(|is| old.iter().all(|was| was.name != is.name)) {
            let change = ChangeBuilder::new(is::WEBHOOK_ADDED, "the API").at(None, Some(&is.at));
            self.add(change.in_exchange(Exchange::CallbackRequest).name(format!("`{}`", is.name)));
        }
    }

    fn compare_callback_operations(&mut self, old: &'a [Operation], new: &'a [Operation]) {
        for was in old {
            match new.iter().find(|is| is.method == was.method) {
                Some(is) => self.compare_call(was, is, true),
                None => self.remove_operation(was, Exchange::CallbackRequest),
            }
        }
        for is in new.iter().filter(|is| old.iter().all(|was| was.method != is.method)) {
            self.add_operation(is, Exchange::CallbackRequest);
        }
    }
}
