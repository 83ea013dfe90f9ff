//! End-to-end tests of Swap Playground over WebDriver.
