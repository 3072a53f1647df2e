"""The API as clients of other versions and languages use it."""
