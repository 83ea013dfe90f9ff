//! What axe-core finds: faults that shut people out.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use crate::{Page, Result};

#[derive(Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    html: String,
    why: String,
}

impl Page {
    /// Fails if axe-core finds a violation of its rules in what is shown now. `scene` names it.
    ///
    /// # Errors
    /// The violations.
    pub async fn is_accessible(&self, scene: &str) -> Result {
        self.obeys(&[], scene).await
    }

    /// The same, of contrasts only: all that differs between light and dark.
    ///
    /// # Errors
    /// The violations.
    pub async fn has_contrast(&self, scene: &str) -> Result {
        self.obeys(&["color-contrast"], scene).await
    }

    /// Fails if a rule is violated; any rule, if none is named.
    async fn obeys(&self, rules: &[&str], scene: &str) -> Result {
        self.settled().await?;
        let here: bool = self
            .js("return typeof axe !== 'undefined';", vec![])
            .await?;
        if !here {
            let () = self
                .js("(0, eval)(arguments[0]);", vec![json!(source()?)])
                .await?;
        }
        let violations: Vec<Violation> = self
            .js_async(
                "const options = { resultTypes: ['violations'] };
                 if (args[0].length > 0) options.runOnly = { type: 'rule', values: args[0] };
                 const found = await axe.run(document, options);
                 if (found.passes.length + found.incomplete.length === 0) throw new Error('axe-core has looked at nothing');
                 const node = (node) => ({ html: node.html, why: node.failureSummary ?? '' });
                 return found.violations.map(({ id, help, nodes }) =>
                     ({ id, help, nodes: nodes.map(node) }));",
                vec![json!(rules)],
            )
            .await?;
        if violations.is_empty() {
            return Ok(());
        }
        let mut message = format!("{scene} isn't accessible to everyone:");
        for violation in violations {
            message.push_str(&format!("\n- {}: {}", violation.id, violation.help));
            for Node { html, why } in violation.nodes {
                message.push_str(&format!(
                    "\n    {html}\n      {}",
                    why.replace('\n', "\n      ")
                ));
            }
        }
        Err(message.into())
    }

    /// Waits until all parts of the page are there, show one moment, and nothing moves any more: colours
    /// between two states are no true colours.
    ///
    /// # Errors
    /// When something never stops.
    pub async fn settled(&self) -> Result {
        self.next_frame().await?;
        self.until("parts to come and animations to end", async || {
            let script =
                "return !document.querySelector('.awaited[aria-busy=true], [data-rush=true]')
                && document.getAnimations().every(animation => animation.playState !== 'running'
                    || animation.effect?.getComputedTiming().iterations === Infinity);";
            Ok(self.js::<bool>(script, vec![]).await?.then_some(()))
        })
        .await
    }
}

fn source() -> Result<String> {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file)
        .map_err(|error| format!("{} (npm ci brings it): {error}", file.display()).into())
}
