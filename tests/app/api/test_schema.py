"""What the API's own description lets anybody send: none of it is a fault of the server."""

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error, status_code_conformance

from tests.app.api.conftest import served

FEW = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_whatever_the_description_allows_is_answered(tmp_path: Path) -> None:
    tried = []
    with served(tmp_path) as api:
        schema = schemathesis.openapi.from_url(f"{api.url}/api/v1/openapi.json")
        schema.config.update(base_url=f"{api.url}/api/v1")
        for found in schema.get_all_operations():
            operation: Any = found.ok()

            @FEW
            @given(case=operation.as_strategy())
            def every_case(case: Any) -> None:
                checks = [not_a_server_error, status_code_conformance]
                case.validate_response(case.call(timeout=120), checks=checks)

            every_case()
            tried.append(operation.label)
        assert api.http.get("/api/v1/ready").status_code == 200
    assert "POST /ask" in tried
    assert len(tried) > 15
