import { testScenes } from '../helpers/scene-tests.ts'
import { SCENES } from '../helpers/scenes.ts'

testScenes(SCENES.filter((_, place) => place % 2 === 0))
