import type { ProjectsApi } from '../../../preload/contract/projects.ts'
import type { Projects } from '../../record/projects.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { projectId, projectNoteRequest, renameProjectRequest } from '../parse/record.ts'

export const projectsRoutes = (projects: Projects): Routes<ProjectsApi> =>
  defineRoutes<ProjectsApi>({
    list: () => projects.list(),
    rename: (request) => projects.rename(renameProjectRequest(request)),
    note: (request) => projects.note(projectNoteRequest(request)),
    discard: (id) => projects.discard(projectId(id)),
    destroyNow: (id) => projects.destroyNow(projectId(id))
  })
