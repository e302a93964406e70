"""Claims that need their context: each collection is one by itself."""

import json
from pathlib import Path

from eval import claims
from tests.app.small_world import WordEmbedder, write_documents


def test_each_claim_is_held_against_the_documents_of_its_own_folder(tmp_path: Path) -> None:
    for year, price in (("2024", "30"), ("2025", "40")):
        text = f"# Prices {year}\n\nA season ticket costs {price} euros.\n"
        write_documents(tmp_path / "documents" / year, {f"prices-{year}.md": text})
    asked = [
        {"id": f"{year}{price}", "folder": year, "question": "What does a season ticket cost?",
         "claim": f"A season ticket costs {price} euros.", "true": price == right}
        for year, right in (("2024", "30"), ("2025", "40"))
        for price in ("30", "40")
    ]  # fmt: skip
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, asked)))
    found = list(claims.measure(tmp_path, WordEmbedder(), tmp_path / "home"))
    assert [each.is_accepted for each in found] == [each.is_true for each in found]
    assert [each.is_true for each in found] == [True, False, False, True]
