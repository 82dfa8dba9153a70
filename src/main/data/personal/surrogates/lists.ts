/** Names and places for surrogates, made up or chosen by us; none of the towns exists. They fit English and German texts alike. */
const words = (text: string): readonly string[] => text.split(' ')

export const surrogateFemale = words(
  'Adela Alma Amina Ariane Aurora Beatrix Bella Calla Camilla Cecilia Celeste Clea Corinna Dalia Daphne Delia Dora Edda Elina Eliza Elvira Esther Fenja Flora Freya Gemma Gina Gloria Hedda Hermine Ida Ilona Iva Jette Josefa Juna Jule Kaia Kira Ladina Larissa Lavinia Lia Lilian Linnea Livia Lorena Luzia Mabel Malin Mara Marit Merle Milla Mina Mona Nele Nora Odette Ottilie Pauline Phoebe Ramona Ronja Rosalie Selma Senta Signe Sina Smilla Stella Tabea Tamara Tessa Thea Tilda Undine Valerie Viola Wanda Wiebke Xenia Yara Zelda Zita'
)

export const surrogateMale = words(
  'Aidan Alban Alvar Amos Anselm Ansgar Arvid August Balduin Basil Bennet Birger Bodo Caspar Cedric Clemens Colin Conrad Corvin Cyril Damian Darius Edmund Egon Elias Elmar Emmerich Enno Erwin Ezra Falk Ferdinand Fergus Finn Flemming Gilbert Gideon Gordon Gustav Hagen Hasso Hendrik Ilja Ingmar Isidor Ivo Jannis Jaron Jesper Jonte Joris Kasper Kilian Knut Korbinian Lambert Lennart Linus Loris Lorenz Magnus Malte Marius Mattis Merlin Milan Morten Neville Nestor Nico Odin Orlando Osric Pascal Quentin Quirin Ragnar Remus Rufus Ruben Sander Silas Sören Tamino Thaddeus Theo Thore Tilman Tjark Urban Valentin Veit Vitus Wendelin Wenzel Yannick Zeno'
)

const SURNAME_STARTS = words(
  'Ahl Alder Arn Asp Bar Beck Bers Birk Bran Bren Brom Cor Dal Darn Dell Dorn Eber Eck Elm Erl Fal Fen Fern Fin Gar Glim Gran Hal Harn Hasel Hol Ilm Kal Kern Kest Kol Lam Lar Lind Lor Mar Mel Mor Nar Nor Olm Or Pal Per Pol Quar Ram Ren Ros Sal Sel Sol Stav Tal Tarn Tor Ul Val Ver Wal Wen Wil Wor Zan Zel'
)
const SURNAME_ENDS = words(
  'berg by dahl den der er ford gren hagen ham haus holm ing kamp lau ley lin lund man mann mark mer mond nau ner quist rand rath sen son stad ston tal ten thal ton wald ward wig wood'
)

/** Some two and a half thousand surnames that sound like ones. */
export const surrogateSurnames: readonly string[] = SURNAME_STARTS.flatMap((start) => SURNAME_ENDS.map((end) => start + end))

export const surrogateTowns = words(
  'Altmoor Arnsfurt Birkenau Brentwick Dallmere Ebersund Eichmoor Elmstead Fallersbach Farnmouth Ginsterfeld Glenharrow Haselbruck Heathcombe Ilmstadt Kaltenried Kestrelton Lindhaven Lorchenau Marlowick Moorhagen Nordelling Oakmere Oldenstein Perlbach Quellstadt Ravenshall Rosenfurt Saltmarsh Seligenau Thornbury-Vale Tannried Ulmbach Valdorf Westerlohe Willowmere Wolfsbrunn Yarrowby Zellmoor'
)

export const surrogateStreetsGerman = words(
  'Ahornweg Akazienweg Am-Anger Birkenallee Buchenring Distelweg Eibenweg Erlengasse Eschenweg Farnweg Fliederweg Ginsterweg Haselweg Holunderweg Kastanienallee Kiefernweg Lärchenweg Lindenring Malvenweg Mispelweg Nelkenweg Pappelallee Quittenweg Rosenweg Schlehenweg Tannenweg Ulmenring Wacholderweg Weidenweg Zedernweg'
).map((name) => name.replace('-', ' '))

export const surrogateStreetsEnglish = words(
  'Alder Ash Aspen Beech Birch Bramble Cedar Cherry Chestnut Clover Cypress Elder Fern Hawthorn Hazel Heather Holly Juniper Larch Laurel Lilac Maple Oak Poplar Rowan Sorrel Sycamore Thistle Willow Yew'
).flatMap((tree) => [`${tree} Lane`, `${tree} Road`, `${tree} Close`])
