import { halves, testScenes } from '../helpers/scene-tests.ts'

testScenes(halves()[0])
