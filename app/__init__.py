"""A question's way: question → passages → prompt → model → checked answer → page, terminal."""
