"""Pages of the bank's workflow: my work, manuscripts, readings, the commission's sessions."""

from itembank.authoring.routes.commission import bp as commission
from itembank.authoring.routes.desk import bp as desk
from itembank.authoring.routes.items import bp as items
from itembank.authoring.routes.reviews import bp as reviews

blueprints = (desk, items, reviews, commission)

__all__ = ["blueprints"]
