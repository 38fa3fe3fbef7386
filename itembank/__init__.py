"""What is before the exam: items, calibrations, blueprints and the pools published from them."""

from itembank.authoring.service import admit as add_item
from itembank.blueprints.pool import FrozenPool, load_pool
from itembank.blueprints.service import NewBlueprint, NewPool, publish_blueprint, publish_pool
from itembank.blueprints.spec import Spec
from itembank.calibrations.service import NewRun, record_calibration
from itembank.items.content import NewItem
from itembank.items.keys import score_answer

__all__ = [
    "FrozenPool", "NewBlueprint", "NewItem", "NewPool", "NewRun", "Spec", "add_item", "load_pool",
    "publish_blueprint", "publish_pool", "record_calibration", "score_answer",
]  # fmt: skip
