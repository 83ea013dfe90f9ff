//! What a person can play with: how a disk behaves, and what the machine is built with.

use swap_pager::units::DeviceId;
use swap_pager::{Command, Config, MAX_FRAMES, MIN_FRAMES};

use yew::prelude::*;

use super::numbers::{Number, Numbers};
use crate::session::Session;
use crate::view::drawn::drawn;
use swap_pager::session::driver::{MAX_DELAY, Plan};

/// What the forms are given.
#[derive(PartialEq, Properties)]
pub struct DiskProps {
    /// The session.
    pub session: Session,
    /// The disk.
    pub disk: DeviceId,
    /// Told when it is to close.
    pub onclose: Callback<()>,
}

/// The form for how a disk behaves.
#[component]
pub fn DiskSettings(props: &DiskProps) -> Html {
    let disk = props.disk;
    let plan = props.session.driver().plan(disk);
    let number = |id, label, hint, value, most| Number {
        id,
        label,
        hint,
        value,
        least: 0,
        most,
    };
    let numbers = vec![
        number(
            "plan-delay",
            "Time a transfer takes, in ms",
            "A disk does one transfer at a time; others wait.",
            plan.delay,
            MAX_DELAY,
        ),
        number(
            "plan-seek",
            "Time from end to end, in ms",
            "What the head takes over the whole disk. Shorter ways take their share.",
            plan.seek,
            MAX_DELAY,
        ),
        number(
            "plan-fail-reads",
            "Next reads that fail",
            "Each fails with EIO and is counted off.",
            plan.fail_reads,
            u32::MAX,
        ),
        number(
            "plan-fail-writes",
            "Next writes that fail",
            "Each fails with EIO and is counted off.",
            plan.fail_writes,
            u32::MAX,
        ),
        number(
            "plan-bad-start",
            "First bad block",
            "Counted on this disk, from 0.",
            plan.bad_start,
            u32::MAX,
        ),
        number(
            "plan-bad-count",
            "Bad blocks",
            "So many from there on can be neither read nor written. 0: none.",
            plan.bad_count,
            u32::MAX,
        ),
    ];
    let onset = {
        let session = props.session.clone();
        Callback::from(move |(numbers, unplugged): (Vec<u32>, bool)| {
            let &[delay, seek, fail_reads, fail_writes, bad_start, bad_count] = &numbers[..] else {
                return;
            };
            let plan = Plan {
                delay,
                seek,
                fail_reads,
                fail_writes,
                bad_start,
                bad_count,
                unplugged,
            };
            session.set_plan(disk, plan);
        })
    };
    drawn::<Numbers>(yew::props!(super::numbers::Props {
        title: format!("How {disk} behaves"),
        numbers,
        yes: "Set",
        onset,
        onclose: props.onclose.clone(),
        check: Some((
            AttrValue::from("Pull the plug: every transfer fails with ENODEV"),
            plan.unplugged
        )),
        text: "Disks of this page are quick and never fail, unless you say otherwise. What you set goes for transfers from now on."
    }))
}

/// What the form of the machine is given.
#[derive(PartialEq, Properties)]
pub struct MachineProps {
    /// The session.
    pub session: Session,
    /// Told when it is to close.
    pub onclose: Callback<()>,
    /// Told when a machine begins anew.
    pub onanew: Callback<()>,
    /// Told when it is to be compared with another.
    pub oncompare: Callback<()>,
}

/// The form for what the machine is built with.
#[component]
pub fn MachineSettings(props: &MachineProps) -> Html {
    let config = props.session.config();
    let async_max = props.session.model().pools.swap_async_max;
    let number = |id, label, hint, value, least, most| Number {
        id,
        label,
        hint,
        value,
        least,
        most,
    };
    let numbers = vec![
        number(
            "machine-async",
            "vm.swap_async_max",
            "Writes that the pageout daemon and page-outs may have under way at once. In force from the next one on.",
            u32::try_from(async_max).unwrap_or(1),
            1,
            256,
        ),
        number(
            "machine-frames",
            "Frames of memory",
            "Pages that fit in memory. With few, the pageout daemon has to work. *",
            config.frames,
            MIN_FRAMES,
            MAX_FRAMES,
        ),
        number(
            "machine-lowat",
            "Low water mark",
            "Below so many free pages, swap is almost full (nswap_lowat). *",
            config.lowat,
            0,
            1 << 24,
        ),
        number(
            "machine-hiwat",
            "High water mark",
            "Above so many, it is no longer (nswap_hiwat). *",
            config.hiwat,
            0,
            1 << 24,
        ),
        number(
            "machine-nswbuf",
            "Buffers (nswbuf)",
            "Half of them for page-ins, a quarter for page-outs that are waited for. *",
            config.nswbuf,
            2,
            256,
        ),
        number(
            "machine-zone",
            "Room for metadata blocks",
            "Each keeps the swap blocks of 32 pages. With too few, page-outs wait. *",
            config.swap_zone,
            1,
            1 << 20,
        ),
    ];
    let onset = {
        let (session, onanew) = (props.session.clone(), props.onanew.clone());
        Callback::from(move |(numbers, again): (Vec<u32>, bool)| {
            let &[value, frames, lowat, hiwat, nswbuf, swap_zone] = &numbers[..] else {
                return;
            };
            let value = i32::try_from(value).unwrap_or(i32::MAX);
            let fresh = Config {
                frames,
                lowat,
                hiwat,
                nswbuf,
                swap_zone,
                ..config
            };
            let set = (value != async_max).then_some(Command::SetAsyncMax { value });
            if fresh == config {
                // The form lets only values through that the machine takes.
                set.into_iter().for_each(|set| drop(session.run(set)));
            } else {
                session.start_anew(fresh, again, set);
                onanew.emit(());
            }
        })
    };
    let oncompare = props.oncompare.reform(|_: MouseEvent| ());
    let besides = html! {
        <button type="button" data-testid="machine-compare" onclick={oncompare}>{ "Compare with …" }</button>
    };
    drawn::<Numbers>(yew::props!(super::numbers::Props {
        title: "The machine",
        numbers,
        yes: "Set",
        onset,
        onclose: props.onclose.clone(),
        besides,
        check: Some((
            AttrValue::from("If it begins anew: give it the same commands again"),
            true
        )),
        text: "A kernel reads the values marked * when it starts. Changing one of them starts a new machine with empty disks."
    }))
}
