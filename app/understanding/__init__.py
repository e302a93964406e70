"""A turn of a conversation → what is wanted, searched for what, in which documents."""
