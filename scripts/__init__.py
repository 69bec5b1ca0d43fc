"""What the Makefile, the browser tests and the benchmarks call: a server, a browser, the set-up."""
