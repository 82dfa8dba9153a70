import type { AdaptersApi } from './adapters.ts'
import type { AppApi } from './app.ts'
import type { CardsApi } from './cards.ts'
import type { FileHandle, Reply } from './common.ts'
import type { CompareApi } from './compare.ts'
import type { CopiesApi, CopiesEvents } from './copies.ts'
import type { DataApi, DataEvents } from './data.ts'
import type { DatasheetsApi } from './datasheets.ts'
import type { LabelsApi } from './labels.ts'
import type { LengthsApi } from './lengths.ts'
import type { MappingsApi } from './mappings.ts'
import type { MarkingApi } from './marking.ts'
import type { DraftsApi } from './drafts.ts'
import type { DevicesApi, DevicesEvents } from './devices.ts'
import type { DiagnosticsApi } from './diagnostics.ts'
import type { ExportsApi, ExportsEvents } from './exports.ts'
import type { IntakeApi } from './intake.ts'
import type { LibraryApi, LibraryEvents } from './library.ts'
import type { ModelsApi } from './models.ts'
import type { PacksApi, PacksEvents } from './packs.ts'
import type { PassagesApi } from './passages.ts'
import type { PersonalApi, PersonalEvents } from './personal.ts'
import type { ProjectsApi, ProjectsEvents } from './projects.ts'
import type { ProfilesApi, ProfilesEvents } from './profiles.ts'
import type { QuestionsApi } from './questions.ts'
import type { RecordApi } from './record.ts'
import type { ScrutinyApi, ScrutinyEvents } from './scrutiny.ts'
import type { ServingApi, ServingEvents } from './serving.ts'
import type { StorageApi, StorageEvents } from './storage.ts'
import type { ResultsApi } from './results.ts'
import type { RunsApi, RunsEvents } from './runs.ts'
import type { VaultApi, VaultEvents } from './vault.ts'
import type { UseApi, UseEvents } from './use.ts'
import type { SupervisionApi } from './supervision.ts'
import type { SweepsApi } from './sweeps.ts'

/** Everything the screens may ask of main, by domain. Each method is one channel, `runs:start`. */
export interface Domains {
  readonly adapters: AdaptersApi
  readonly app: AppApi
  readonly compare: CompareApi
  readonly copies: CopiesApi
  readonly data: DataApi
  readonly datasheets: DatasheetsApi
  readonly labels: LabelsApi
  readonly lengths: LengthsApi
  readonly mappings: MappingsApi
  readonly marking: MarkingApi
  readonly devices: DevicesApi
  readonly diagnostics: DiagnosticsApi
  readonly drafts: DraftsApi
  readonly exports: ExportsApi
  readonly intake: IntakeApi
  readonly cards: CardsApi
  readonly library: LibraryApi
  readonly models: ModelsApi
  readonly packs: PacksApi
  readonly passages: PassagesApi
  readonly personal: PersonalApi
  readonly profiles: ProfilesApi
  readonly projects: ProjectsApi
  readonly questions: QuestionsApi
  readonly record: RecordApi
  readonly storage: StorageApi
  readonly results: ResultsApi
  readonly scrutiny: ScrutinyApi
  readonly serving: ServingApi
  readonly runs: RunsApi
  readonly vault: VaultApi
  readonly use: UseApi
  readonly supervision: SupervisionApi
  readonly sweeps: SweepsApi
}

/** What main tells the screens of its own accord, by domain. Each is one channel, `runs:changed`. */
export interface DomainEvents {
  readonly copies: CopiesEvents
  readonly data: DataEvents
  readonly devices: DevicesEvents
  readonly exports: ExportsEvents
  readonly library: LibraryEvents
  readonly packs: PacksEvents
  readonly personal: PersonalEvents
  readonly profiles: ProfilesEvents
  readonly projects: ProjectsEvents
  readonly storage: StorageEvents
  readonly runs: RunsEvents
  readonly scrutiny: ScrutinyEvents
  readonly serving: ServingEvents
  readonly vault: VaultEvents
  readonly use: UseEvents
}

/** A domain's methods as the screens call them. */
export type Client<Api> = {
  readonly [Name in keyof Api]: Api[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

/** A file in a dropped folder. */
export interface NamedFile {
  readonly file: File
  /** Its name within the folder, with `/` between folders. */
  readonly name: string
}

/** What a shell gives the page: calls, events, and files by handle. The page's only way out. */
export interface Bridge {
  readonly shell: 'electron' | 'loopback'
  /** Calls `domain:method`; at most one argument. */
  call(channel: string, argument?: unknown): Promise<Reply<unknown>>
  /** Hears `domain:event` until the returned function is called. */
  on(channel: string, listener: (payload: unknown) => void): () => void
  /** A dropped file. Electron reads its path in the preload; the loopback shell uploads it to quarantine. */
  fileOf(file: File): Promise<FileHandle>
  /**
   * A dropped folder. Electron reads its path in the preload; the loopback shell uploads what of its `contents` belongs to a model.
   */
  folderOf(folder: File, contents: () => Promise<readonly File[]>): Promise<FileHandle>
  /**
   * A dropped folder with data, whole. Electron reads its path in the preload; the loopback shell uploads its `contents`, of which each has its name within
   * the folder. `onSent` is told how many have been sent.
   */
  dataFolderOf(
    folder: File,
    contents: () => Promise<readonly NamedFile[]>,
    onSent: (done: number, total: number) => void
  ): Promise<FileHandle>
  /** Asks the person for a table, a pack, the mapping of clean copies, a model's folder, a folder with data or a CUDA pack, or one to write to; null where they thought better of it. */
  choose(
    what: 'table' | 'pack' | 'mapping' | 'model-folder' | 'data-folder' | 'cuda-folder' | 'folder'
  ): Promise<FileHandle | null>
  /** Saves the finished file behind a ticket of main's outbox where the person wants it; false where they thought better of it. One use. */
  save(ticket: string, suggestedName: string): Promise<boolean>
  /** Saves the HTML report behind such a ticket as a PDF on A4; null where the shell cannot, and the browser's own print dialog does. */
  readonly savePdf: ((ticket: string, suggestedName: string) => Promise<boolean>) | null
}
