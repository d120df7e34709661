//! The names by which pages are known.

/// A name in lower snake case, whatever case and brackets it is written in: `page[after]` is `page_after`.
pub(super) fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for one in name.chars() {
        let is_start = one.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if (is_start || !one.is_ascii_alphanumeric()) && !text.ends_with('_') && !text.is_empty() {
            text.push('_');
        }
        if one.is_ascii_alphanumeric() {
            text.push(one.to_ascii_lowercase());
        }
        before = one;
    }
    text.trim_end_matches('_').to_owned()
}

/// Members that hold what is said of a list, or the list itself.
pub(super) const AROUND: &[&str] = &[
    "cursor",
    "cursors",
    "data",
    "links",
    "link",
    "meta",
    "metadata",
    "page",
    "page_info",
    "pagination",
    "paging",
    "pages",
    "payload",
    "response",
    "response_metadata",
    "result",
];

/// Members that hold a list among other lists.
pub(super) const LISTS: &[&str] =
    &["data", "elements", "entries", "items", "list", "records", "results", "rows", "value", "values"];

/// Members around a list.
pub(super) const AROUND_LISTS: &[&str] = &["data", "payload", "response", "result"];

/// Parameters that take a cursor.
pub(super) const CURSORS: &[&str] = &[
    "after",
    "after_cursor",
    "after_id",
    "bookmark",
    "continuation",
    "continuation_token",
    "cursor",
    "iterator",
    "marker",
    "next_cursor",
    "next_page_token",
    "next_token",
    "page_after",
    "page_cursor",
    "page_token",
    "pagination_token",
    "scroll_id",
    "start_cursor",
    "starting_after",
    "starting_token",
];

/// Members that hold the next cursor, whatever the parameter is called.
pub(super) const NEXT_CURSORS: &[&str] = &[
    "continuation_token",
    "cursor_next",
    "end_cursor",
    "next_cursor",
    "next_iterator",
    "next_marker",
    "next_page_cursor",
    "next_page_token",
    "next_token",
];

/// Parameters that come back as they have to be sent next, under the same name.
pub(super) const SAME_NAME: &[&str] = &[
    "bookmark",
    "continuation",
    "continuation_token",
    "iterator",
    "next_cursor",
    "next_page_token",
    "next_token",
    "scroll_id",
];

/// Members that hold the URL of the next page.
pub(super) const NEXT_LINKS: &[&str] = &[
    "next_href",
    "next_link",
    "next_page_link",
    "next_page_uri",
    "next_page_url",
    "next_uri",
    "next_url",
    "odata_next_link",
];

/// Members that say that there are more pages.
pub(super) const MORE: &[&str] = &["has_more", "has_more_items", "has_next", "has_next_page", "is_truncated", "more"];

/// Members that say that this was the last page.
pub(super) const DONE: &[&str] = &["done", "finished", "is_done", "is_last", "is_last_page", "last_page"];

/// Parameters that say how many items are passed over.
pub(super) const OFFSETS: &[&str] = &["offset", "page_offset", "skip", "start_at"];

/// Parameters that say which page is wanted.
pub(super) const NUMBERS: &[&str] = &["current_page", "page", "page_index", "page_no", "page_num", "page_number"];

/// Parameters that say how long a page is.
pub(super) const SIZES: &[&str] = &[
    "count",
    "first",
    "limit",
    "max_items",
    "max_results",
    "page_limit",
    "page_size",
    "pagesize",
    "per_page",
    "perpage",
    "size",
    "take",
    "top",
];

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn names_are_the_same_in_every_case() {
        for (name, expected) in [
            ("nextPageToken", "next_page_token"),
            ("page[after]", "page_after"),
            ("@odata.nextLink", "odata_next_link"),
            ("$skip", "skip"),
            ("PageSize", "page_size"),
            ("next-page", "next_page"),
            ("has_more", "has_more"),
            ("ID", "id"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }
}
