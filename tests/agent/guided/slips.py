"""Learners' sentences by slip: what is said well back, and right English that looks nearly the same."""

SLIPS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "age_have": (
        {
            "I have 20 years": "So you are 20 years old.",
            "i have thirty years": "So you are thirty years old.",
        },
        ("I have 20 years of experience", "i have two years left at school"),
    ),
    "age_have_other": (
        {
            "my sister has ten years": "Your sister is ten years old, I see.",
            "i have a dog he has 3 years": "He is 3 years old, I see.",
        },
        ("my sister has ten years of experience", "my son has two years left"),
    ),
    "am_agree": (
        {"i am agree": "So you agree.", "I'm not agree with him": "So you don't agree."},
        ("I agree with you", "i am agreeable"),
    ),
    "people_is": (
        {"people is nice": "So people are nice.", "the people was very angry": "So people were very angry."},
        ("people are nice", "one of the people is nice"),
    ),
    "more_better": (
        {"it is more better": "So it is better.", "the train is more faster": "So it is faster."},
        ("it is more or less better", "there are more older people now"),
    ),
    "went_yesterday": (
        {
            "yesterday i go to the park": "So you went to the park.",
            "last night we sleep in a hotel": "So you slept in a hotel.",
        },
        ("yesterday I went to the park", "last year we had a car"),
    ),
    "went_yesterday_end": (
        {
            "we eat fish yesterday": "So you ate fish yesterday.",
            "i find a new job last month": "So you found a new job last month.",
        },
        ("I want to see my friend who came yesterday", "we did not go there last year"),
    ),
    "third_person": (
        {
            "she go to school": "So she goes to school.",
            "my brother work in a bank": "So your brother works in a bank.",
        },
        ("my brothers work in a bank", "my mother made me eat fish"),
    ),
    "he_dont": (
        {"he do not like fish": "So he doesn't like fish.", "she don't work": "So she doesn't work."},
        ("she doesn't work", "my friends do not like fish"),
    ),
    "i_has": (
        {"i has a dog": "So you have a dog.", "they has two cars": "So they have two cars."},
        ("he has three cats", "i have a dog"),
    ),
    "i_is": (
        {"i is happy": "So you are happy.", "because i is tired": "So you are tired."},
        ("he and i is a song", "my sister is happy"),
    ),
    "like_verb": (
        {
            "i like cook": "So you like cooking.",
            "i love dance with my friends": "So you love dancing with your friends.",
        },
        ("I like dance music", "I like travel shows"),
    ),
    "childs": (
        {"i have many childs": "So, many children.", "two womans": "So, two women."},
        ("I have two children", "two women"),
    ),
    "number_noun": (
        {"i have two sister": "So, two sisters.", "he has three cat and one dog": "So, three cats."},
        ("I have two sisters", "he has two cat toys"),
    ),
    "listen_music": (
        {"i listen music": "So you listen to music.", "we listen radio": "So you listen to the radio."},
        ("i listen to music", "I listen to jazz"),
    ),
    "go_home": (
        {"i go to home": "So you go home.", "and then i went to home": "So you went home."},
        ("i go home", "i go to my home"),
    ),
    "am_work": (
        {
            "i am work in a shop": "So you work in a shop.",
            "i am live with my parents": "So you live with your parents.",
        },
        ("I am work manager", "i am at work in the morning"),
    ),
    "dont_have_no": (
        {
            "i do not have no money": "So you don't have any.",
            "i don't have nothing": "So you don't have anything.",
        },
        ("i don't have any money", "i have nothing"),
    ),
    "married_with": (
        {
            "i am married with my best friend": "So you are married to your best friend.",
            "i am married with him": "So you are married to him.",
        },
        ("i am married with two children", "I married her"),
    ),
    "very_like": (
        {"i very like my city": "So you really like your city.", "i very love it": "So you really love it."},
        ("i like my city very much", "it is very like home"),
    ),
    "like_very_much": (
        {
            "i like very much my job": "So you like your job very much.",
            "i love very much music": "So you love music very much.",
        },
        ("i like my job very much", "i like it very much"),
    ),
    "cold_have": (
        {"i have hungry": "So you are hungry.", "because i have thirsty": "So you are thirsty."},
        ("i am hungry", "i have a hungry cat"),
    ),
    "am_born": (
        {
            "i born in spain": "So you were born in Spain.",
            "i am born in a village": "So you were born in a village.",
        },
        ("i was born in spain", "my son was born in may"),
    ),
    "goed": (
        {"we goed to the sea": "So you went to the sea.", "she buyed a car": "So she bought a car."},
        ("we went to the sea", "he is in a good mood"),
    ),
    "explain_prep": (
        {
            "it depends of the weather": "So it depends on the weather.",
            "depends of the day": "So it depends on the day.",
        },
        ("it depends on the weather", "most of the day"),
    ),
    "good_in": (
        {
            "i am good in english": "So, good at English.",
            "she is very good in cooking": "So, good at cooking.",
        },
        ("i am good at english", "it is good in winter"),
    ),
    "most_adj": (
        {"the most big city": "So, the biggest.", "it is the most cheap": "So, the cheapest."},
        ("most old people live there", "the most beautiful city"),
    ),
    "informations": (
        {"i need some informations": "I see, information.", "she gave me good advices": "I see, advice."},
        ("i need some information", "my homework is long"),
    ),
    "must_to": (
        {"i must to work": "So you must work.", "i can to cook eggs": "So you can cook eggs."},
        ("i must work", "i can go to work"),
    ),
    "can_ing": (
        {"i can swimming": "So you can swim.", "i can speaking english": "So you can speak English."},
        ("i can swim", "i can go swimming"),
    ),
    "want_go": (
        {
            "i want go to spain": "So you want to go to Spain.",
            "i want buy a car": "So you want to buy a car.",
        },
        ("I want to go", "I want study materials"),
    ),
    "there_have": (
        {"there have a park": "So there is a park.", "there has many shops": "So there are many shops."},
        ("there is a park", "there have been many people"),
    ),
    "depends_of": (
        {
            "it depends of my boss": "Yes, it depends on that.",
            "that depends of many things": "Yes, it depends on that.",
        },
        ("it depends on my boss", "the people she depends on"),
    ),
    "modal_to": (
        {"we must to work": "So you must work.", "she can to speak english": "So she can speak English."},
        ("we must go to work", "they should do it"),
    ),
    "much_count": (
        {
            "there are much people": "I see, many people.",
            "i have too much problems": "I see, too many problems.",
        },
        ("i have much time", "I like it very much things are good"),
    ),
    "many_mass": (
        {
            "i have many work": "I see, a lot of work.",
            "they have many money and a big house": "I see, a lot of money.",
        },
        ("i have many work friends", "there are many food shops"),
    ),
    "since_point": (
        {
            "i live here since 2010": "So you have lived here since 2010.",
            "i am working in london since last year": "So you have worked in London since last year.",
        },
        ("i have lived here since 2010", "i work from january to may"),
    ),
    "since_years": (
        {
            "i am living here since ten years": "So you have lived here for ten years.",
            "i learn english since two months": "So you have learned English for two months.",
        },
        ("i have lived here for ten years", "since two years ago he is here"),
    ),
    "live_for_years": (
        {
            "i live here for ten years": "So you have lived here for ten years.",
            "i am working in spain for three years": "So you have worked in Spain for three years.",
        },
        ("i lived here for ten years", "i live here for three months every year"),
    ),
    "am_years": (
        {
            "i am 25 years": "So you are 25 years old.",
            "yes i am thirty years": "So you are thirty years old.",
        },
        ("i am 25 years old", "i am two years older"),
    ),
    "explain_me": (
        {
            "my teacher explained me the grammar": "I see, to explain the grammar to you.",
            "he explains me everything": "I see, to explain everything to you.",
        },
        ("he explained it to me", "can he explain to me the grammar"),
    ),
    "in_weekday": (
        {"in the monday i work": "I see, on Monday.", "we eat together in sunday": "I see, on Sunday."},
        ("on monday i work", "in the monday class"),
    ),
    "at_morning": (
        {"i run at the morning": "I see, in the morning.", "on the evening i read": "I see, in the evening."},
        ("on the evening of my birthday", "on the morning train"),
    ),
    "double_negative": (
        {
            "i don't know nothing": "So you don't know anything.",
            "i didn't see nobody": "So you didn't see anybody.",
        },
        ("i don't know anything", "i do nothing on sunday"),
    ),
    "the_my": (
        {"the my family is big": "I see, your family.", "i love the our house": "I see, your house."},
        ("my family is big", "the mystery of her name"),
    ),
    "make_sport": (
        {
            "i make sport every day": "So you do sport.",
            "i make my homework in the evening": "So you do your homework.",
        },
        ("i do sport every day", "i make sport shoes"),
    ),
    "go_to_ing": (
        {
            "i go to shopping with my sister": "So you go shopping.",
            "i went to swimming": "So you went swimming.",
        },
        ("i go shopping", "i go to swimming lessons"),
    ),
    "in_home": (
        {
            "i stay in home": "So you stay at home.",
            "i usually eat in home with my wife": "So you eat at home.",
        },
        ("i stay in my home", "i work in home care"),
    ),
    "am_job": (
        {
            "i am student": "So you are a student.",
            "i am engineer in a big company": "So you are an engineer.",
        },
        ("i am a student", "i am nurse manager"),
    ),
    "plural_is": (
        {
            "my parents is old": "So your parents are old.",
            "my friends lives in a big city": "So your friends live in a big city.",
        },
        ("one of my friends is here", "my sister is old"),
    ),
    "there_is_many": (
        {
            "there is many shops": "So there are many shops.",
            "there is two people": "So there are two people.",
        },
        ("there is a lot of stress", "there is one park"),
    ),
    "everybody_are": (
        {
            "everybody are at home": "So everybody is at home.",
            "because everyone like music": "So everyone likes music.",
        },
        ("does everybody like it", "everybody is happy"),
    ),
    "enjoy_to": (
        {"i enjoy to read": "So you enjoy reading.", "i really enjoy to cook": "So you enjoy cooking."},
        ("i enjoy reading", "i enjoy it to the end"),
    ),
    "interesting_in": (
        {
            "i am interesting in music": "So you are interested in music.",
            "i am very interesting in art": "So you are interested in it.",
        },
        ("it is interesting in summer", "i am interested in music"),
    ),
    "one_my": (
        {
            "with one my friend": "I see, one of your friends.",
            "one my cousin lives there": "I see, one of your cousins.",
        },
        ("with one of my friends", "number one my friend says"),
    ),
    "prefer_than": (
        {
            "i prefer tea than coffee": "So you prefer tea to coffee.",
            "i prefer dogs than cats": "So you prefer dogs to cats.",
        },
        ("i prefer tea to coffee", "i prefer it more than coffee"),
    ),
}
