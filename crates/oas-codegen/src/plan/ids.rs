//! Ids: how parts of a plan refer to each other, and to the model. One that leads nowhere is our own fault: it panics
//! into the guard that reports such faults, and nothing is left out in silence.

use std::ops::Index;

use oas_model::{Api, Operation};

use super::{CredentialsItem, GroupItem, OperationItem, Plan, SchemeItem};

/// Declares an id, and what it leads to.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident: $owner:ty, $list:ident, $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);

        impl Index<$name> for $owner {
            type Output = $item;

            /// # Panics
            /// When the id is that of another plan or model.
            fn index(&self, id: $name) -> &$item {
                &self.$list[id.0]
            }
        }
    };
}

id!(
    /// One of [`Plan::groups`].
    GroupId: Plan, groups, GroupItem
);
id!(
    /// One of [`Plan::operations`].
    OperationId: Plan, operations, OperationItem
);
id!(
    /// One of [`Plan::schemes`].
    SchemeId: Plan, schemes, SchemeItem
);
id!(
    /// One of [`Plan::credentials`].
    CredentialsId: Plan, credentials, CredentialsItem
);
id!(
    /// One of [`Api::operations`].
    ModelOperation: Api, operations, Operation
);
