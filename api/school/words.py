"""What people of the made-up school are called and what they say: no real person, no recorded call."""

from typing import Final

FIRST_NAMES: Final = (
    "Amina", "Ana", "Anton", "Aylin", "Bao", "Beatriz", "Carlos", "Chen", "Daria", "Deniz", "Elif", "Emre",
    "Fatima", "Gabriel", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jin", "Kenji", "Lara", "Leila", "Lucas",
    "Maria", "Mehmet", "Mina", "Nadia", "Omar", "Paula", "Pedro", "Rania", "Rosa", "Sara", "Sofia", "Tariq",
    "Thi", "Vera", "Yuki", "Zeynep",
)  # fmt: skip
LAST_NAMES: Final = (
    "Abadi", "Alvarez", "Aydin", "Bauer", "Bianchi", "Castro", "Costa", "Diaz", "Demir", "Farouk", "Fischer",
    "Garcia", "Haddad", "Horvat", "Ito", "Jansen", "Kaya", "Kim", "Kowalski", "Le", "Lopez", "Marino",
    "Martins", "Mori", "Nguyen", "Novak", "Okafor", "Petrov", "Pham", "Ramos", "Rossi", "Sato", "Silva",
    "Suzuki", "Tanaka", "Tran", "Vega", "Weber", "Yilmaz", "Zhang",
)  # fmt: skip

PLACES: Final = ("the market", "the office", "my school", "the beach", "a museum", "the park", "the airport",
                 "my village", "a small cafe", "the library", "the train station", "a concert")  # fmt: skip
PEOPLE: Final = ("my sister", "my brother", "my boss", "my best friend", "my parents", "a colleague",
                 "my neighbour", "my teacher", "my grandmother", "two friends")  # fmt: skip
THINGS: Final = ("a new phone", "a bicycle", "some vegetables", "a birthday present", "two tickets", "a map",
                 "a cake", "a book about history", "warm clothes", "an old camera")  # fmt: skip
FEELINGS: Final = ("very interesting", "a little difficult", "really nice", "too expensive", "quite boring",
                   "so beautiful", "more easy than before", "not so good")  # fmt: skip

LEARNER_SAYS: Final = (
    "Yesterday I go to {place} with {person} and it was {feeling}.",
    "I have visited {place} last year, because {person} wanted to see it.",
    "I think it is {feeling}, but I don't know the word in English.",
    "In my country people is buying {thing} when they visit {place}.",
    "My plan is to buy {thing} for {person}, maybe next weekend.",
    "Can you repeat it, please? I did not understand the last word.",
    "If I would have more time, I would go to {place} every day.",
    "I am agree with you, {place} is {feeling} in the summer.",
    "Well, I usually meet {person} near {place} after the work.",
    "It depends of the weather, but for me {place} is {feeling}.",
    "When I was a child, {person} gave me {thing}, I still have it.",
    "Yes, exactly. I am looking forward to see {person} again.",
    "I had to wait two hours at {place}, so I was angry with {person}.",
    "For my job I need to explain {thing} to people which don't speak my language.",
    "I prefer to walk to {place}, it is more cheap than the bus.",
    "No, I never did that before, but {person} told me it is {feeling}.",
    "Let me think. I would like to talk about {thing} and about {place}.",
    "Thank you.",
    "Yes, I think so.",
    "I don't know how to say it.",
)
COACH_SAYS: Final = (
    "That sounds {feeling}. What did you do at {place} after that?",
    "You could say: I went to {place} with {person}. Why did you choose it?",
    "Good. And what does {person} think about {thing}?",
    "Let us stay with that for a moment. How would you describe {place} to somebody new?",
    "Nice sentence. Could you tell me more about {person}?",
    "We say: people buy, without is. What else do they do at {place}?",
    "I see. What would you do with {thing} if you had more time?",
    "Take your time. Which word are you looking for?",
    "Well done. Now imagine that you are at {place} and you lose {thing}. Whom do you call?",
    "That is a good reason. Is it always like that, or only at {place}?",
)
