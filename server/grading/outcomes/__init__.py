"""What follows a session: that parents were shown the list of the failing, and the order on its outcome."""

from server.grading.outcomes.queries import OrderRef, TellingRef, order_of, tellings_of
from server.grading.outcomes.service import record_order, record_telling

__all__ = ["OrderRef", "TellingRef", "order_of", "record_order", "record_telling", "tellings_of"]
