//! Packs and unpacks. The browser does that.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::file::FileError;

#[wasm_bindgen]
extern "C" {
    type Response;
    #[wasm_bindgen(constructor, catch)]
    fn new(body: &JsValue) -> Result<Response, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Response) -> Stream;
    #[wasm_bindgen(method)]
    fn blob(this: &Response) -> Promise;

    type Stream;
    #[wasm_bindgen(method, catch, js_name = pipeThrough)]
    fn pipe_through(this: &Stream, through: &JsValue) -> Result<Stream, JsValue>;
    #[wasm_bindgen(method, js_name = getReader)]
    fn reader(this: &Stream) -> Reader;

    type Reader;
    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;
    #[wasm_bindgen(method)]
    fn cancel(this: &Reader) -> Promise;

    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// How files are packed.
pub const FILE: &str = "gzip";
/// How links are packed: the same without a header and a checksum.
pub const BARE: &str = "deflate-raw";

/// Packs a blob.
pub async fn pack(plain: &Blob, format: &str) -> Result<Blob, String> {
    let packed = async {
        let packer = CompressionStream::new(format)?;
        let stream = Response::new(plain)?.body().pipe_through(&packer)?;
        JsFuture::from(Response::new(&stream)?.blob()).await
    };
    packed.await.map(JsCast::unchecked_into).map_err(words)
}

/// Unpacks a blob, which may be any file, to no more than so many bytes.
pub async fn unpack(packed: &Blob, format: &str, most: usize) -> Result<Vec<u8>, FileError> {
    let stream = || {
        let unpacker = DecompressionStream::new(format)?;
        Response::new(packed)?.body().pipe_through(&unpacker)
    };
    let bad = |thrown| FileError::Packing(words(thrown));
    let reader = stream().map_err(bad)?.reader();
    let mut plain = Vec::new();
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(bad)?;
        let value = Reflect::get(&read, &"value".into()).map_err(bad)?;
        let Ok(chunk) = value.dyn_into::<Uint8Array>() else {
            return Ok(plain);
        };
        if plain.len() + chunk.length() as usize > most {
            let _ = reader.cancel();
            return Err(FileError::TooLarge);
        }
        plain.extend(chunk.to_vec());
    }
}

fn words(thrown: JsValue) -> String {
    let error = thrown.dyn_ref::<js_sys::Error>();
    let text = error.map_or_else(String::new, |error| error.message().into());
    text.trim_end_matches('.').to_owned()
}
