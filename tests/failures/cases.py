"""All cases, in one table."""

from cases_folder import FOLDER
from cases_live import LIVE
from cases_reading import READING
from cases_rows import ROWS
from cases_squash import SQUASH
from cases_usage import USAGE

CASES = (*USAGE, *FOLDER, *ROWS, *READING, *SQUASH, *LIVE)
