"""ChatBrigade is a chat model like any other: LangChain's standard suite, and what the suite does not ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from brigade.agents.models import LanguageModel, ModelError
from brigade.agents.models.chat import ChatBrigade
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_tests.unit_tests import ChatModelUnitTests
from pydantic import BaseModel
from server import Behaviour, serving


class TestStandard(ChatModelUnitTests):
    """LangChain's own suite."""

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return ChatBrigade

    @property
    def chat_model_params(self) -> dict[str, str]:
        return {"model": "embedded"}


@tool
def weigh(thing: str) -> int:
    """How many grams a thing weighs."""
    return len(thing)


class Dish(BaseModel):
    """A dish."""

    soup: bool


def scripted(folder: Path, *rules: str) -> ChatBrigade:
    file = folder / "says.yaml"
    file.write_text("\n".join(f"- {rule}" for rule in rules))
    return ChatBrigade(model=f"script:{file}")


async def test_it_answers_in_both_worlds(tmp_path: Path) -> None:
    chat = scripted(tmp_path, "when: hi\n  say: hello")
    assert chat.invoke("hi").text == "hello"
    assert (await chat.ainvoke([SystemMessage("be kind"), HumanMessage("hi")])).text == "hello"
    assert next(chunk.text for chunk in chat.stream("hi")) == "hello"


def test_a_tool_is_called_and_its_answer_is_told(tmp_path: Path) -> None:
    chat = scripted(
        tmp_path,
        'when: "The tool answered: 6"\n  say: \'{"reply": "6 grams"}\'',
        'say: \'{"name": "weigh", "arguments": {"thing": "tomato"}}\'',
    ).bind_tools([weigh])
    question = HumanMessage("what does a tomato weigh?")
    called = chat.invoke([question])
    assert called.tool_calls == [{"name": "weigh", "args": {"thing": "tomato"}, "id": "call_1", "type": "tool_call"}]
    told = ToolMessage(str(weigh.invoke(called.tool_calls[0]["args"])), tool_call_id="call_1")
    assert chat.invoke([question, called, told]).text == "6 grams"


def test_structured_output_is_held_to_its_schema(embedded: LanguageModel) -> None:
    chat = ChatBrigade(language_model=embedded, max_tokens=40)
    dish = chat.with_structured_output(Dish).invoke("Is tomato soup a soup?")
    assert isinstance(dish, Dish)
    called = chat.bind_tools([weigh], tool_choice="weigh").invoke("what does a tomato weigh?")
    assert isinstance(called, AIMessage)
    assert called.tool_calls[0]["name"] == "weigh"
    assert called.usage_metadata is not None
    assert called.usage_metadata["output_tokens"] > 0


def test_remote_models_are_reached_through_a_gate_only() -> None:
    behaviour = Behaviour()
    with serving(behaviour) as url:
        from brigade.agents.models import ModelOptions

        chat = ChatBrigade(model="openai:m", options=ModelOptions(base_url=url, remote=True, retries=0))
        with pytest.raises(ModelError, match="privacy boundary"):
            chat.invoke("hi")
    assert behaviour.requests == []


def test_sampling_is_refused_in_words(tmp_path: Path) -> None:
    chat = scripted(tmp_path, "say: hello")
    chat.temperature = 0.7
    with pytest.raises(ModelError, match="most probable"):
        chat.invoke("hi")
