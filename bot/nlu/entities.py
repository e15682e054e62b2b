"""The graph component that reads entities by rule, already normalised to codes and yuan."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, EXTRACTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.entity_extractor import message_reader

#: Who read an entity, as Rasa reports it.
NAME = "EntityReader"


# Also registered as a featurizer: Rasa runs only those over the training data, and the
# classifier behind wants to see in training what it will see later.
@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=False,
)
class EntityReader(GraphComponent):
    """Sets `entities`. Needs no training: new words of the vocabulary take effect at once."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityReader:
        """Make the component; the vocabulary is read now, not at the first message."""
        message_reader()
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read the entities of all training examples, for the classifier that follows."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the entities of messages in place."""
        reader = message_reader()
        for message in messages:
            if message.get(TEXT):
                text = message.get(TEXT)
                read = [{**entity, EXTRACTOR: NAME} for entity in reader.read(text)]
                message.set(ENTITIES, read, add_to_output=True)
                # Rasa's evaluation of entities counts by tokens.
                message.set(TOKENS_NAMES[TEXT], [Token(c, index) for index, c in enumerate(text)])
        return messages
