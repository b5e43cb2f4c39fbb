"""What pages show of results, one module a page. Each asks the reader's right itself and a number of statements that does not grow."""
