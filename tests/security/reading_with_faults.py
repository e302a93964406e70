"""`footnote`, whose documents commit the faults that they name.

python -m tests.security.reading_with_faults ingest FILE
"""

from app.cli import main
from ingest import reading
from tests.ingest.faulty_reader import FAULTY

if __name__ == "__main__":
    reading.COMMAND = FAULTY
    main()
