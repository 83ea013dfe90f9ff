//! A server of the site that a test can stop, as the network goes away.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::Result;

/// A copy of the release site, on a server of its own. Dropping it stops the server.
#[derive(Debug)]
pub struct Site {
    folder: tempfile::TempDir,
    server: Option<Child>,
    /// Kept open: the server ends when it can't say what it has to say.
    _says: BufReader<ChildStdout>,
    address: String,
}

impl Site {
    /// Copies the site that `SWAP_PLAYGROUND_SITE` names and serves the copy.
    ///
    /// # Errors
    /// When there is none, or the server doesn't start.
    pub fn serve() -> Result<Site> {
        Site::serve_copy(&release()?)
    }

    /// Serves a copy of the site in each of these folders, on one origin.
    ///
    /// # Errors
    /// As for [`serve`](Self::serve).
    pub fn serve_twice(folders: [&str; 2]) -> Result<Site> {
        let source = release()?;
        let both = tempfile::tempdir()?;
        for folder in folders {
            let place = both.path().join(folder);
            std::fs::create_dir(&place)?;
            copy(&source, &place)?;
        }
        Site::serve_copy(both.path())
    }

    /// Copies a folder and serves the copy.
    ///
    /// # Errors
    /// When it can't be copied, or the server doesn't start.
    pub fn serve_copy(source: &Path) -> Result<Site> {
        let folder = tempfile::tempdir()?;
        copy(source, folder.path())?;
        // Reads each file anew, since tests change them.
        let mut server = Command::new("sirv")
            .arg(folder.path())
            .args(["--dev", "--cors", "--no-clear", "--no-logs"])
            .env("HOST", "127.0.0.1")
            .env("PORT", "0")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let told = server.stdout.take().ok_or("the server has no output")?;
        let mut says = BufReader::new(told);
        let address = loop {
            let mut line = String::new();
            if says.read_line(&mut line)? == 0 {
                return Err("the server ended".into());
            }
            if let Some(at) = line.find("http://127.0.0.1:") {
                break line[at..].trim().trim_end_matches('/').to_owned();
            }
        };
        Ok(Site {
            folder,
            server: Some(server),
            _says: says,
            address,
        })
    }

    /// Where it is, with a slash at the end.
    pub fn url(&self) -> String {
        format!("{}/", self.address)
    }

    /// The place of a file of the copy.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Stops the server.
    ///
    /// # Errors
    /// When the system can't.
    pub fn stop(&mut self) -> Result {
        if let Some(mut server) = self.server.take() {
            server.kill()?;
            server.wait()?;
        }
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // A server that can't be stopped ends with its test's process group.
        let _ = self.stop();
    }
}

/// The folder of the release site.
fn release() -> Result<PathBuf> {
    let folder = std::env::var_os("SWAP_PLAYGROUND_SITE").ok_or(
        "SWAP_PLAYGROUND_SITE is not set: it is the folder of the release site. \
         `pkg-scripts/test e2e` sets it.",
    )?;
    Ok(folder.into())
}

fn copy(from: &Path, to: &Path) -> Result {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir(&place)?;
            copy(&entry.path(), &place)?;
        } else {
            std::fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
