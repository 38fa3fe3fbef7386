"""Pages of the bank's workflow: my work, manuscripts, readings, the commission's sessions."""

from itembank.authoring.routes.desk import bp as desk

blueprints = (desk,)

__all__ = ["blueprints"]
