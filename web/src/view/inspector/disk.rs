//! What is known of a disk, and what can be done with it.

use swap_pager::Model;
use swap_pager::units::SlotId;
use yew::prelude::*;

use super::facts::{Fact, fact};
use crate::view::Panel;
use crate::view::controls;
use crate::view::format::{count, grouped, size, span};
use crate::view::machine::interleave;
use crate::view::ui::{Action, Dialog};
use swap_pager::session::driver::Plan;

/// What is known of a slot and the disk in it.
pub fn of_disk(model: &Model, slot: SlotId, plan: Option<Plan>) -> Vec<Fact> {
    let slots = model.slots.len() as u32;
    let stripe = model.interleave.stripe();
    let stripes = fact(
        "Stripes",
        format!("{}, {}, {} …", slot.0, slot.0 + slots, slot.0 + 2 * slots),
        "The stripes that fall to this slot: every so many of all.",
    );
    let Some(device) = model.slots.get(slot.0 as usize).copied().flatten() else {
        let meaning = "A slot without a disk: its stripes are never free.";
        return vec![fact("Slot", format!("{}, empty", slot.0), meaning), stripes];
    };
    let used = u32::try_from(device.used).unwrap_or(0);
    let usable = model.interleave.usable(device.pages);
    let mut facts = vec![
        fact(
            "Slot",
            slot.0.to_string(),
            "Its place in the interleave (swdevt).",
        ),
        fact(
            "Size",
            format!("{}, {}", count(device.pages, "page"), size(device.pages)),
            "Its length (sw_nblks).",
        ),
        fact(
            "In use",
            grouped(used),
            "Pages on it that hold something, or will (sw_used).",
        ),
        fact(
            "Free",
            if device.closing {
                "0, it is being switched off".into()
            } else {
                grouped(usable.saturating_sub(used))
            },
            "What searches for room can still find on it.",
        ),
        fact(
            "Reserved",
            format!("its blocks {}", span(0, stripe.min(device.pages) - 1)),
            "The first stripe is left alone: the disk's label lies there.",
        ),
        stripes,
    ];
    let first = interleave(model).swap_block(slot, swap_pager::units::DeviceBlock(0));
    facts.push(fact(
        "First stripe",
        format!("swap blocks {}", span(first.0, first.0 + stripe - 1)),
        "Where it begins in the line of all swap blocks.",
    ));
    if let Some(plan) = plan {
        facts.push(fact(
            "Behaves",
            behaves(plan),
            "What was put in its way; this is of the present.",
        ));
    }
    facts
}

/// How a disk behaves, in words.
pub fn behaves(plan: Plan) -> String {
    let mut words = Vec::new();
    let mut say = |n: u32, text: String| {
        if n > 0 {
            words.push(text);
        }
    };
    say(
        u32::from(plan.unplugged),
        "unplugged: all fails with ENODEV".into(),
    );
    say(plan.delay, format!("{} ms a transfer", plan.delay));
    say(plan.seek, format!("{} ms from end to end", plan.seek));
    say(
        plan.fail_writes,
        format!("{} to fail", count(plan.fail_writes, "write")),
    );
    say(
        plan.fail_reads,
        format!("{} to fail", count(plan.fail_reads, "read")),
    );
    let end = plan
        .bad_start
        .saturating_add(plan.bad_count.saturating_sub(1));
    say(
        plan.bad_count,
        format!("blocks {} are bad", span(plan.bad_start, end)),
    );
    if words.is_empty() {
        "quick, never fails".to_owned()
    } else {
        words.join(", ")
    }
}

/// What can be done with the disk in a slot.
pub fn buttons(panel: &Panel, slot: SlotId) -> Html {
    let device = panel
        .session
        .model()
        .slots
        .get(slot.0 as usize)
        .copied()
        .flatten();
    let Some(device) = device else {
        return Html::default();
    };
    let settings = {
        let dispatch = panel.dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::Open(Dialog::Disk(device.id)))
        })
    };
    let off = {
        let session = panel.session.clone();
        Callback::from(move |_: MouseEvent| controls::swapoff(&session, device.id))
    };
    html! {
        <p class="buttons">
            <button type="button" data-testid="disk-settings" onclick={settings}>{ "How it behaves…" }</button>
            <button type="button" data-testid="disk-off" disabled={device.closing} onclick={off}>{ "Switch off (swapoff)" }</button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::view::test_machine::machine;

    #[test]
    fn a_disk_tells_its_room_and_its_faults() {
        let facts = of_disk(&machine(), SlotId(0), Some(Plan::default()));
        let value = |term| {
            let fact = facts.iter().find(|fact| fact.term == term);
            fact.map(|fact| fact.value.clone()).unwrap_or_default()
        };
        assert_eq!(value("In use"), "16");
        assert_eq!(value("Free"), "4\u{202f}048");
        assert_eq!(value("Stripes"), "0, 4, 8 …");
        assert_eq!(value("Behaves"), "quick, never fails");
        let plan = Plan {
            fail_writes: 1,
            bad_start: 40,
            bad_count: 8,
            ..Plan::default()
        };
        assert_eq!(behaves(plan), "1 write to fail, blocks 40..47 are bad");
    }
}
