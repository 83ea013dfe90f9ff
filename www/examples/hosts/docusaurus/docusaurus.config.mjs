// Documentation with playgrounds in it. In documentation of yours, swap-playground.js has the whole address of the site
// that it is on: here that site is /playground/ on the same server.
export default {
  title: "How this kernel swaps",
  url: "http://127.0.0.1",
  baseUrl: "/docusaurus/",
  onBrokenLinks: "throw",
  scripts: [{ src: "/playground/swap-playground.js", type: "module" }],
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false }]],
  themeConfig: { colorMode: { respectPrefersColorScheme: true } },
};
