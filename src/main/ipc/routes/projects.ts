import type { ProjectsApi } from '../../../preload/contract/projects.ts'
import type { Projects } from '../../record/projects.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { projectId, projectNoteRequest, projectPurposeRequest, renameProjectRequest } from '../parse/record.ts'

export const projectsRoutes = (projects: Projects): Routes<ProjectsApi> =>
  defineRoutes<ProjectsApi>({
    list: () => projects.list(),
    rename: (request) => projects.rename(renameProjectRequest(request)),
    note: (request) => projects.note(projectNoteRequest(request)),
    setPurpose: (request) => projects.setPurpose(projectPurposeRequest(request)),
    discard: (id) => projects.discard(projectId(id)),
    destroyNow: (id) => projects.destroyNow(projectId(id))
  })
