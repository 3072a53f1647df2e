"""A Space, as far as it can be had without Hugging Face: its files (`files`), and one that runs (`make space`)."""
