"""Every table, imported once, for migrations and for the tests that compare them with the models."""

import server.accounts.models
import server.candidates.models
import server.core.events
import server.core.journal
import server.core.machine
import server.delivery.models
import server.grading.models  # noqa: F401  imported for their tables
from server.core.db import Base

metadata = Base.metadata
