"""The real `footnote` command, with vectors that count words: no weights are needed to attack it.

python -m tests.security.page_process chat --model none …
"""

from tests.app.small_world import WordEmbedder

if __name__ == "__main__":
    import app.opening
    from app import cli

    app.opening.open_embedder = lambda *_: WordEmbedder()  # type: ignore[assignment,return-value]
    cli.main()
