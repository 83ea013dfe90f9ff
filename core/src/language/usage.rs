//! The commands there are, for help.

/// A command as a help view shows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Usage {
    /// The command itself.
    pub verb: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// What follows it; what is in brackets can be left out.
    pub arguments: &'static str,
    /// What it does.
    pub does: &'static str,
    /// Which it is, for the parser.
    pub(super) verb_id: Verb,
}

/// Which command a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    SwapOn,
    SwapOff,
    Create,
    Write,
    Fill,
    Read,
    Pageout,
    Madvise,
    Free,
    Strategy,
    Fork,
    Destroy,
    Sysctl,
}

/// All commands, in the order a help view shows them.
pub fn usage() -> &'static [Usage] {
    &USAGE
}

/// The command that a word means, in capitals or not.
pub(super) fn find(word: &str) -> Option<&'static Usage> {
    USAGE.iter().find(|usage| usage.is(word))
}

impl Usage {
    fn is(&self, word: &str) -> bool {
        self.words().any(|known| known.eq_ignore_ascii_case(word))
    }

    /// The command and its aliases.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.verb].into_iter().chain(self.aliases.iter().copied())
    }
}

const fn usage_of(
    verb_id: Verb,
    verb: &'static str,
    aliases: &'static [&'static str],
    arguments: &'static str,
    does: &'static str,
) -> Usage {
    Usage {
        verb,
        aliases,
        arguments,
        does,
        verb_id,
    }
}

static USAGE: [Usage; 13] = [
    usage_of(
        Verb::SwapOn,
        "swapon",
        &["swaponvp"],
        "disk pages",
        "Switch a disk on for swapping.",
    ),
    usage_of(
        Verb::SwapOff,
        "swapoff",
        &[],
        "disk",
        "Switch a disk off: what lies there is brought back into memory first.",
    ),
    usage_of(
        Verb::Create,
        "create",
        &["alloc"],
        "[name] pages",
        "Make a memory object, or find the one of that name.",
    ),
    usage_of(
        Verb::Write,
        "write",
        &[],
        "object page \"text\" [at byte]",
        "Write text into a page, which makes it dirty and frees its swap.",
    ),
    usage_of(
        Verb::Fill,
        "fill",
        &["dirty"],
        "object pages [with label n | byte n | noise n]",
        "Fill pages with a pattern, which makes them dirty and frees their swap.",
    ),
    usage_of(
        Verb::Read,
        "read",
        &["getpages", "fault"],
        "object [pages]",
        "Read pages: what is not in memory is paged in.",
    ),
    usage_of(
        Verb::Pageout,
        "pageout",
        &["putpages"],
        "object [pages] [sync | async]",
        "Force pages out: dirty ones are written to swap, then all leave memory.",
    ),
    usage_of(
        Verb::Madvise,
        "madvise",
        &[],
        "object pages free",
        "Give up the contents of pages.",
    ),
    usage_of(
        Verb::Free,
        "free",
        &[],
        "object pages",
        "Give up the contents of pages, as madvise does.",
    ),
    usage_of(
        Verb::Strategy,
        "strategy",
        &["direct"],
        "object pages read | write [with label n | byte n | noise n] | delete | reserve",
        "Read, write, free or reserve blocks without bringing pages into memory, as a swap-backed disk does.",
    ),
    usage_of(
        Verb::Fork,
        "fork",
        &["shadow"],
        "object",
        "Fork an object: two share its pages until they write.",
    ),
    usage_of(
        Verb::Destroy,
        "destroy",
        &["deallocate"],
        "object",
        "Let go of an object, and of its pages and swap with the last reference.",
    ),
    usage_of(
        Verb::Sysctl,
        "sysctl",
        &[],
        "vm.swap_async_max=n",
        "Set how many asynchronous page-outs may be under way.",
    ),
];
