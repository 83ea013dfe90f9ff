//! Mounts the app.

fn main() {
    yew::Renderer::<swap_playground::App>::new().render();
}
