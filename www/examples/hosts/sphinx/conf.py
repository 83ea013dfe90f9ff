"""Documentation with playgrounds in it.

In documentation of yours, swap-playground.js has the whole address of the site that it is on:
here that site is /playground/ on the same server.
"""

project = "How this kernel swaps"
html_theme = "furo"
html_js_files = [("/playground/swap-playground.js", {"type": "module"})]
