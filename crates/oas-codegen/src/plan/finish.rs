//! The last passes: names for all types, then the plan.

use oas_document::Diagnostic;
use oas_model::Api;

use super::naming::Names;
use super::shapes::Shapes;
use super::webhook::HookTypes;
use super::{
    NamesLock, Packages, Plan, Settings, TypeIndex, alias, behavior, builder, command, contradiction, cycle, equal,
    file, left_out, order, reach,
};

/// A plan in which everything has its name, but in which types that say the same are still several.
pub(super) struct Named {
    plan: Plan,
    hooks: HookTypes,
    /// For each type the one that it is the same as, or itself.
    same: Vec<TypeIndex>,
    names: NamesLock,
    diagnostics: Vec<Diagnostic>,
}

/// Names every type, and what is called after types.
pub(super) fn name(api: &Api, packages: Packages, shapes: Shapes<'_>) -> Named {
    let Shapes {
        names: Names { settings, mut register, types: type_names },
        drafts,
        components,
        mut operations,
        mut groups,
        schemes,
        servers,
        credentials,
        mut hooks,
        mut diagnostics,
    } = shapes;
    let same = equal::representatives(api, &drafts, &register);
    let type_names = type_names.settle(&mut register);
    let files = file::settle(&components, &type_names);
    let equal = alias::of_equal(&drafts, &same, &type_names, &files, &mut register);
    let types = drafts.into_iter().map(|draft| draft.finish(api, &type_names, &files)).collect::<Vec<_>>();
    let mut aliases = alias::of_components(api, &components, &types, &type_names, &files);
    aliases.extend(equal);
    builder::settle(api, &types, &mut operations, &mut register);
    command::settle(api, &types, &mut groups, &mut operations, &mut register);
    let webhooks = std::mem::take(&mut hooks.items);
    let mut plan = Plan {
        packages,
        reading: settings.reading,
        types,
        aliases,
        operations,
        groups,
        schemes,
        servers,
        credentials,
        webhooks,
        envelope: None,
        printed: None,
    };
    type_names.fill(&mut plan);
    let (names, found) = register.finish();
    diagnostics.extend(found);
    Named { plan, hooks, same, names, diagnostics }
}

/// A plan, and what was worth saying while it was settled. Places are still to be
/// [located](oas_document::Document::locate).
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan.
    pub plan: Plan,
    /// Every name, by its key: the lock of the next run.
    pub names: NamesLock,
    /// Errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// The plan: each type once, in the order of names, with the directions that it goes, and of finite size; and how each
/// operation is used.
pub(super) fn finish(api: &Api, settings: &Settings, named: Named) -> Settled {
    let Named { mut plan, mut hooks, same, names, mut diagnostics } = named;
    order::merge(&mut plan, &mut hooks, &same);
    equal::drop_equal_branches(&mut plan.types);
    reach::mark(&mut plan, &hooks, api);
    cycle::break_cycles(&mut plan.types);
    order::by_name(&mut plan);
    plan.envelope.clone_from(&settings.envelope);
    diagnostics.extend(behavior::settle(api, &mut plan, settings));
    diagnostics.extend(left_out::notes(api));
    diagnostics.extend(contradiction::warnings(api));
    diagnostics.dedup();
    Settled { plan, names, diagnostics }
}
