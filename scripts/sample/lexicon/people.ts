/** Everyone and every place named here is invented; surnames are common ones, and no combination means a real person. */
export const womenNames =
  'Ada Agnes Aisha Alice Amara Amelia Anita Anna Asha Beatrice Bella Bridget Carla Carmen Celia Chloe Clara Daisy Daria Deborah Edith Elena Elif Ellen Emma Esther Eva Farah Fatima Fiona Freya Gemma Grace Greta Hana Hannah Heather Helen Ida Imogen Ines Ingrid Irene Iris Ivy Jana Joan Judith Julia Karin Kate Kezia Laila Leah Lena Lillian Lucia Lydia Mabel Magda Maeve Margaret Maria Martha Meera Mina Miriam Mona Nadia Naomi Nina Noor Olga Olive Petra Phoebe Priya Rania Rhoda Rosa Ruth Sabine Sadie Salma Sara Selma Sheila Sofia Stella Sunita Tamsin Tara Thea Una Ursula Vera Wanda Winifred Yara Yasmin Zainab Zoe'.split(
    ' '
  )

export const menNames =
  'Aaron Abel Adam Alan Albert Amir Andrei Angus Anton Arjun Arthur Basil Ben Bilal Boris Brian Callum Carlos Cedric Cyril Dai Daniel David Dennis Desmond Diego Dmitri Edwin Emil Eric Evan Felix Frank Gareth George Gilbert Graham Gustav Hamza Harold Hassan Henry Hugo Ian Idris Imran Isaac Ivan Jack Jakob Jerome Joel Jonas Joseph Karim Keith Kwame Lars Lennox Leo Lewis Luca Malcolm Marcus Martin Mateo Max Mehmet Miles Nathan Neil Nikhil Noah Oliver Omar Oscar Otto Owen Pablo Patrick Paul Percy Peter Rafael Raj Ralph Reuben Robin Rory Rupert Samuel Sanjay Saul Sean Silas Simon Stefan Tariq Theo Thomas Tobias Uwe Victor Vikram Walter Wilfred Yusuf Zoltan'.split(
    ' '
  )

export const surnames =
  'Abbott Adeyemi Ahmed Alder Appleby Archer Ashworth Baines Bakshi Bancroft Barlow Beckett Bello Benson Birch Blackwood Bowman Bramley Brandt Brook Burrows Calder Carver Chaudhry Chen Clough Conway Corbett Crane Croft Dalby Danso Delgado Denham Dixon Doyle Drake Dunmore Eastwood Eze Fairley Fenwick Fletcher Forde Foss Frost Garland Gibbs Gill Goddard Gomez Grant Greaves Hale Hamid Harker Hartley Hassan Haworth Heath Hobbs Holm Hopper Hussain Ibrahim Ingham Ivers Jansen Jardine Joshi Kane Kapoor Keane Kelso Khan Kirby Klein Kowalski Lacey Lambert Larsen Ledger Lim Lockwood Lomas Maddox Malik Marlow Marsh Mbeki Mercer Metcalfe Milne Moss Mistry Nagy Nash Naylor Neal Novak Nwosu Oakes Okafor Okoro Osborne Osman Palmer Park Patel Pearce Penrose Petrov Pike Pollard Quayle Quinn Radley Rahman Rao Redfern Reid Rigby Rossi Rowe Sandford Santos Sato Selby Sharma Shaw Silva Singh Slater Sousa Stroud Sutton Tanaka Tate Thorne Tilley Tran Tyrell Usher Varga Vaughan Wade Walsh Warsame Webb Weir Whitlock Wolfe Wong Yates Yilmaz Young'.split(
    ' '
  )

export const places =
  'Ashford Mill|Barrow End|Beck Hill|Birchfield|Blackmere|Bramcote|Brookside|Calder Quay|Castle Row|Cedar Grove|Clayport|Cold Harbour|Crossgates|Dalewick|Eastmoor|Elm Park|Fairhaven|Fernleigh|Foxley|Gorsehill|Greystone|Hallowdene|Harbour View|Hazelmere|Highfold|Holloway Green|Ironbridge Lane|Kestrel Court|Kingsmoor|Larchwood|Limebrook|Longmarsh|Mallory|Meadowbank|Millrace|Netherby|Northgate|Oakhanger|Orchard Way|Pebble Bay|Pinehurst|Quarry Road|Ravensfell|Redcliffe|Riverside|Rookwood|Saltmarsh|Sandholme|Silverdale|Southmere|Stonebeck|Thornbury Rise|Tidewater|Upper Wick|Valley Road|Waterside|Westbourne|Whitecross|Willowdene|Wychling'.split(
    '|'
  )

export const jobs =
  'accountant|allotment keeper|archivist|baker|barber|beekeeper|bookbinder|bricklayer|bus driver|butcher|care worker|carpenter|carpet fitter|chef|childminder|choir leader|civil servant|cleaner|coach driver|courier|crane operator|decorator|dental nurse|electrician|engineer|farmer|fishmonger|florist|gardener|glazier|goldsmith|hairdresser|head teacher|housing officer|interpreter|joiner|journalist|lab technician|landscape architect|librarian|lifeguard|locksmith|lorry driver|mechanic|midwife|miller|museum guide|music teacher|night porter|nurse|office manager|optician|organist|painter|pastry cook|pharmacist|photographer|piano tuner|plasterer|plumber|postman|potter|primary school teacher|printer|proofreader|railway worker|receptionist|roofer|sailor|school cook|seamstress|shepherd|shop assistant|signalman|social worker|software developer|solicitor|stonemason|student|surveyor|swimming teacher|tailor|taxi driver|train driver|translator|upholsterer|usher|vet|waiter|warehouse packer|watchmaker|weaver|welder|youth worker'.split(
    '|'
  )

export const months = 'January|February|March|April|May|June|July|August|September|October|November|December'.split('|')
export const weekdays = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday'.split('|')
export const numberWords = 'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve'.split('|')
