"""Parts of the page: each a small file, with a pure function from records to markup."""
