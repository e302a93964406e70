"""The page: the chat, its sources, the reader and the documents, in one browser tab."""
