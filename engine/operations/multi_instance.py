"""The operations the process engine carries out itself; here is what designers read of them and may fill in."""

from marshmallow import fields

from engine.operations.registry import Inputs, Nothing, Operation, carried_out_elsewhere, says


class ItemInput(Inputs):
    element = fields.String(required=True, metadata=says("The id of the multi-instance activity."))
    item = fields.Raw(required=True, metadata=says("The item, as it stands in the input collection."))


BY_ENGINE = (
    Operation(
        "multi_instance.add",
        "One more item for a multi-instance activity of this process that runs; throws multi_instance.not_running.",
        ItemInput,
        Nothing,
        carried_out_elsewhere,
        errors=("multi_instance.not_running",),
    ),
    Operation(
        "multi_instance.let_go",
        "Ends one item of a multi-instance activity before it is done; throws multi_instance.no_item.",
        ItemInput,
        Nothing,
        carried_out_elsewhere,
        errors=("multi_instance.not_running", "multi_instance.no_item"),
    ),
)
