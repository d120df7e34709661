//! Pages as they are recognised from a document. A wrong guess is worse than none: what could mean something else is not
//! taken.

use oas_model::{Api, Method, Operation, ParameterLocation, Schema};

use super::answer::{self, Kind, Member};
use super::words::{self, snake};
use super::{NextPage, PagesItem, RequestPlace};
use crate::plan::{OperationItem, Plan, RustType};

/// What a request can say.
struct Asked<'a> {
    place: RequestPlace,
    snake: String,
    kind: Kind,
    schema: Option<&'a Schema>,
    doc: String,
}

/// What is known of an operation whose answer holds a list.
struct Listing<'a> {
    asked: Vec<Asked<'a>>,
    members: Vec<Member<'a>>,
    /// The members of an item.
    item: Vec<(&'a str, Kind)>,
    has_link_header: bool,
}

/// How the pages of an operation follow each other, when the document leaves no doubt.
pub(crate) fn recognised(api: &Api, plan: &Plan, item: &OperationItem, operation: &Operation) -> Option<PagesItem> {
    if !matches!(operation.method, Method::Get | Method::Post) {
        return None;
    }
    let body = answer::body(item)?;
    if let Some(pages) = pageable(plan, operation, body) {
        return Some(pages);
    }
    let (items, item_type) = answer::list(plan, body)?;
    let listing = Listing {
        asked: asked(api, plan, item, operation),
        members: answer::members(api, plan, body),
        item: answer::structure(plan, item_type)
            .map(|one| one.fields.iter().map(|field| (field.wire.as_str(), answer::kind(plan, &field.ty))).collect())
            .unwrap_or_default(),
        has_link_header: has_link_header(item, operation),
    };
    // What is sent with `POST` may do something each time: only a cursor says by itself that it leads to more of the same.
    let counted = || {
        let linked = listing.link().or_else(|| listing.link_header());
        linked.or_else(|| listing.offset()).or_else(|| listing.number())
    };
    let next = listing.cursor().or_else(|| (operation.method == Method::Get).then(counted)?)?;
    Some(PagesItem { items, item: item_type.clone(), next, more: listing.more() })
}

/// What `x-ms-pageable` says, an extension of `AutoRest`.
fn pageable(plan: &Plan, operation: &Operation, body: &RustType) -> Option<PagesItem> {
    let said = operation.extensions.get("x-ms-pageable")?;
    let member = |name: &str| said.get(name).and_then(|value| value.as_str());
    let pointer = |name: &str| format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    let items = pointer(member("itemName").unwrap_or("value"));
    let link = pointer(member("nextLinkName")?);
    answer::at(plan, body, &link)?;
    let item = answer::items_at(plan, body, &items)?.clone();
    Some(PagesItem { items, item, next: NextPage::Link(link), more: None })
}

/// Whether the success of an operation has the header `Link`.
fn has_link_header(item: &OperationItem, operation: &Operation) -> bool {
    let crate::plan::SuccessItem::Single(index) = item.success else { return false };
    let response = &operation.responses[item.responses[index].response];
    response.headers.iter().any(|header| header.name.eq_ignore_ascii_case("link"))
}

/// What a request can say: simple parameters of the query, and members of a JSON body.
fn asked<'a>(api: &'a Api, plan: &'a Plan, item: &'a OperationItem, operation: &'a Operation) -> Vec<Asked<'a>> {
    let schema = |id| Some(&api.schemas[api.schemas.resolve(id)]);
    let fields = item.params.iter().flat_map(|params| &params.fields);
    let query = fields.filter_map(|field| {
        let parameter = &operation.parameters[field.parameter];
        let oas_model::Payload::Schema(id) = parameter.payload else { return None };
        (parameter.location == ParameterLocation::Query).then(|| Asked {
            place: RequestPlace::Query(parameter.name.clone()),
            snake: snake(&parameter.name),
            kind: answer::kind(plan, &field.ty),
            schema: schema(id),
            doc: parameter.description.clone().unwrap_or_default(),
        })
    });
    let body = answer::request_body(plan, item).map_or(&[][..], |body| &body.fields);
    let body = body.iter().map(|field| Asked {
        place: RequestPlace::Body(field.wire.clone()),
        snake: snake(&field.wire),
        kind: answer::kind(plan, &field.ty),
        schema: schema(field.schema),
        doc: field.doc.clone(),
    });
    query.chain(body).collect()
}

/// Whether a member is described as a URL.
fn is_url(member: &Member<'_>) -> bool {
    let format = member.schema.and_then(|schema| schema.format.as_deref()).unwrap_or_default();
    let examples = member.schema.map_or(&[][..], |schema| &schema.examples);
    let shown =
        examples.iter().filter_map(|value| value.as_str()).any(|text| text.contains("://") || text.starts_with('/'));
    let says = says(&member.field.doc, &["url", "uri", "link", "href"]);
    matches!(format, "uri" | "url" | "uri-reference" | "iri") || shown || says
}

/// Whether a text has one of these words.
fn says(text: &str, all: &[&str]) -> bool {
    let text = text.to_lowercase();
    let mut found = text.split(|one: char| !one.is_alphanumeric());
    found.any(|word| all.iter().any(|one| word == *one || word.strip_suffix('s') == Some(*one)))
}

impl Listing<'_> {
    /// A cursor that an answer has and a request takes.
    fn cursor(&self) -> Option<NextPage> {
        for asked in &self.asked {
            let fits =
                |member: &&Member<'_>| member.kind == asked.kind && matches!(asked.kind, Kind::Text | Kind::Integer);
            if let Some(found) = self.members.iter().filter(fits).find(|member| self.pairs(asked, member)) {
                return Some(NextPage::Cursor(asked.place.clone(), found.pointer.clone()));
            }
        }
        let mut after = self.asked.iter().filter(|asked| asked.kind == Kind::Text);
        // The id of the last item, where a flag says that there is more (Stripe's way).
        let after = after.find(|asked| {
            asked.snake == "starting_after" || asked.snake == "after" && says(&asked.doc, &["cursor", "id"])
        })?;
        let has_id = self.item.iter().any(|(name, kind)| *name == "id" && *kind == Kind::Text);
        (has_id && self.more().is_some()).then(|| NextPage::LastItem(after.place.clone(), "/id".to_owned()))
    }

    /// Whether a member of the answer is what a parameter wants next.
    fn pairs(&self, asked: &Asked<'_>, member: &Member<'_>) -> bool {
        let (wanted, given) = (asked.snake.as_str(), member.snake.as_str());
        let is_next = given
            .strip_prefix("next_")
            .is_some_and(|rest| rest == wanted || rest.strip_prefix("page_") == Some(wanted))
            || given.strip_suffix("_next").is_some_and(|rest| rest == wanted);
        let is_page = [words::CURSORS, words::OFFSETS, words::NUMBERS].iter().any(|all| all.contains(&wanted));
        if is_next && (is_page || wanted == "token") {
            return true;
        }
        if asked.kind != Kind::Text || !words::CURSORS.contains(&wanted) {
            // A number of a page that comes back is this page's.
            return false;
        }
        let is_counted = self.more().is_some() || says(&member.field.doc, &["next"]);
        words::NEXT_CURSORS.contains(&given)
            || given == "next_page" && !is_url(member)
            || given == "next" && !is_url(member)
            || given == wanted && (words::SAME_NAME.contains(&wanted) || is_counted)
            || given == "after" && member.around == "cursors"
            || given == "last_id" && wanted.contains("after") && self.more().is_some()
    }

    /// A URL of the next page in the body.
    fn link(&self) -> Option<NextPage> {
        let texts = self.members.iter().filter(|member| member.kind == Kind::Text);
        let mut links = texts.filter(|member| match member.snake.as_str() {
            name if words::NEXT_LINKS.contains(&name) => true,
            "next" => matches!(member.around.as_str(), "links" | "link" | "pages") || is_url(member),
            "next_page" => is_url(member),
            "href" => member.around == "next",
            _ => false,
        });
        links.next().map(|member| NextPage::Link(member.pointer.clone()))
    }

    /// The header `Link`, of a list that can be asked for in parts.
    fn link_header(&self) -> Option<NextPage> {
        let mut asked = self.asked.iter().map(|asked| asked.snake.as_str());
        let is_paged = asked.any(|name| {
            [words::CURSORS, words::NUMBERS, words::OFFSETS, words::SIZES].iter().any(|words| words.contains(&name))
        });
        (self.has_link_header && is_paged).then_some(NextPage::LinkHeader)
    }

    /// The number of items that are passed over.
    fn offset(&self) -> Option<NextPage> {
        let has_size =
            self.asked.iter().any(|asked| asked.kind == Kind::Integer && words::SIZES.contains(&asked.snake.as_str()));
        let offset = self.numbered(words::OFFSETS).filter(|_| has_size)?;
        // Some count pages and call it an offset.
        let counts_pages = says(&offset.doc, &["page"])
            && !says(&offset.doc, &["item", "record", "result", "row", "entry", "entrie", "element", "object"]);
        let first = first(offset).unwrap_or(0);
        (!counts_pages).then(|| NextPage::Offset(offset.place.clone(), first))
    }

    /// The number of the page. Whether the first is 0 or 1 must be said.
    fn number(&self) -> Option<NextPage> {
        let page = self.numbered(words::NUMBERS)?;
        let least = page.schema.and_then(|schema| schema.minimum.as_ref()).filter(|bound| !bound.exclusive);
        let least = least.and_then(|bound| bound.value.as_i64()).filter(|least| *least == 1);
        let first = first(page).filter(|first| matches!(first, 0 | 1)).or(least)?;
        Some(NextPage::Number(page.place.clone(), first))
    }

    /// The only integer that a request can say under one of these names.
    fn numbered(&self, names: &[&str]) -> Option<&Asked<'_>> {
        let mut all =
            self.asked.iter().filter(|asked| asked.kind == Kind::Integer && names.contains(&asked.snake.as_str()));
        let (only, None) = (all.next()?, all.next()) else { return None };
        Some(only)
    }

    /// What an answer says of further pages.
    fn more(&self) -> Option<(String, bool)> {
        let flags = || self.members.iter().filter(|member| member.kind == Kind::Boolean);
        let find = |names: &[&str]| flags().find(|member| names.contains(&member.snake.as_str()));
        let more = find(words::MORE).map(|member| (member.pointer.clone(), true));
        more.or_else(|| find(words::DONE).map(|member| (member.pointer.clone(), false)))
    }
}

/// The integer that a parameter has without being said.
fn first(asked: &Asked<'_>) -> Option<i64> {
    asked.schema?.default.as_ref()?.as_i64()
}
