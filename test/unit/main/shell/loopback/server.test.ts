import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Caller } from '../../../../../src/main/ipc/define.ts'
import { Events } from '../../../../../src/main/ipc/events.ts'
import { Outbox } from '../../../../../src/main/services/outbox.ts'
import { LoopbackShell } from '../../../../../src/main/shell/loopback/server.ts'
import { listPages } from '../../../../helpers/list-pages.ts'
import { ask, ownHeaders, TestPage, tokenOf } from '../../../../helpers/loopback-page.ts'

let folder: string
let shell: LoopbackShell
let events: Events
let outbox: Outbox
let clock: number
/** How often it was told that nobody looks at a page any more. */
let gone: number
let callers: Caller[]
const port = (): number => shell.port

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-loopback-'))
  await mkdir(join(folder, 'pages/assets'), { recursive: true })
  await mkdir(join(folder, 'quarantine'))
  await mkdir(join(folder, 'home/models/bert'), { recursive: true })
  await writeFile(join(folder, 'pages/index.html'), '<!doctype html><title>Attune</title>')
  await writeFile(join(folder, 'pages/assets/page.js'), 'export {}')
  await listPages(join(folder, 'pages'))
  await writeFile(join(folder, 'secret.html'), 'outside')
  events = new Events()
  clock = 0
  gone = 0
  callers = []
  outbox = new Outbox(join(folder, 'outbox'), () => clock)
  await outbox.prepare()
  shell = await LoopbackShell.open({
    dispatch: async (channel, argument, caller) => {
      callers.push(caller)
      return { ok: true, value: { channel, argument: argument ?? null } }
    },
    events,
    pages: join(folder, 'pages'),
    quarantine: () => join(folder, 'quarantine'),
    outbox,
    root: join(folder, 'home'),
    quota: 1000,
    onGone: () => {
      gone++
    },
    grace: 1,
    now: () => clock
  })
})

afterEach(async () => {
  await shell.dispose()
  events.dispose()
  await rm(folder, { recursive: true, force: true })
})

const exchange = (token: string): ReturnType<typeof ask> =>
  ask(port(), 'POST', '/session', ownHeaders(port()), JSON.stringify({ token }))
const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(ownHeaders(port())).filter(([key]) => key !== name))

describe('the one-time address', () => {
  test('lets a page in once, within a minute', async () => {
    const token = tokenOf(shell.newAddress())
    expect(token.length).toBeGreaterThanOrEqual(43)
    expect((await exchange(token)).status).toBe(200)
    expect((await exchange(token)).status).toBe(401)
    const late = tokenOf(shell.newAddress())
    clock += 61
    expect((await exchange(late)).status).toBe(401)
  })

  test('has no use for a wrong token, an empty one, or one that is no text', async () => {
    for (const token of ['wrong', '', 'x'.repeat(10_000)]) expect((await exchange(token)).status).toBe(401)
    expect((await ask(port(), 'POST', '/session', ownHeaders(port()), '{"token":{"length":43}}')).status).toBe(401)
    expect((await ask(port(), 'POST', '/session', ownHeaders(port()), '[]')).status).toBe(400)
    expect((await ask(port(), 'POST', '/session', ownHeaders(port()), '{')).status).toBe(400)
  })

  test('slows down who keeps guessing, and not who knows', async () => {
    for (let i = 0; i < 10; i++) await exchange('wrong')
    const began = performance.now()
    expect((await exchange('wrong')).status).toBe(429)
    expect(performance.now() - began).toBeGreaterThan(900)
    expect((await exchange(tokenOf(shell.newAddress()))).status).toBe(200)
  })

  test('offers a second page to take over, and the first is then no longer heard', async () => {
    const first = await TestPage.open(shell)
    const socket = await first.listen(() => undefined)
    const closed = new Promise<number>((resolve) => socket.on('close', (code: number) => resolve(code)))
    const answer = await exchange(tokenOf(shell.newAddress()))
    expect(answer.status).toBe(409)
    expect((await first.post('/api/app:facts', '{}')).status).toBe(200)
    const { takeover } = JSON.parse(answer.body) as { takeover: string }
    expect((await exchange(takeover)).status).toBe(200)
    expect((await first.post('/api/app:facts', '{}')).status).toBe(401)
    expect(await closed).toBe(4001)
    expect((await exchange(takeover)).status).toBe(401)
  })
})

describe('a request', () => {
  test('from another host name is refused, even where name and origin agree (DNS rebinding)', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${port()}`,
      `localhost:${port()}`,
      '127.0.0.1',
      `127.0.0.1:${port() + 1}`
    ]) {
      const headers = { ...ownHeaders(port()), Host: host, Origin: `http://${host}` }
      expect((await ask(port(), 'POST', '/session', headers, '{}')).status).toBe(421)
      expect((await ask(port(), 'GET', '/', { Host: host })).status).toBe(421)
    }
  })

  test('from another origin, or from none, is refused', async () => {
    const page = await TestPage.open(shell)
    const foreign = [
      'http://evil.example',
      `http://localhost:${port()}`,
      `https://127.0.0.1:${port()}`,
      `http://127.0.0.1:${port() + 1}`,
      'null'
    ]
    for (const Origin of foreign) expect((await page.post('/api/app:facts', '{}', { Origin })).status).toBe(403)
    const bearer = { Authorization: `Bearer ${page.bearer}` }
    expect((await ask(port(), 'POST', '/api/app:facts', { ...without('Origin'), ...bearer }, '{}')).status).toBe(403)
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await page.post('/api/app:facts', '{}', { 'Sec-Fetch-Site': site })).status).toBe(403)
    expect(callers).toHaveLength(0)
  })

  test('with a content type that a form can send is refused', async () => {
    const page = await TestPage.open(shell)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await page.post('/api/app:facts', '{}', { 'Content-Type': type })).status).toBe(415)
  })

  test('without the bearer, or with another, reaches nothing but the page', async () => {
    for (const path of [
      '/api/app:facts',
      '/ticket',
      '/folder',
      '/folders/list',
      '/folders/make',
      '/folders/choose',
      '/upload',
      '/download'
    ]) {
      const type = { 'Content-Type': path === '/upload' ? 'application/octet-stream' : 'application/json' }
      expect((await ask(port(), 'POST', path, { ...ownHeaders(port()), ...type }, '{}')).status).toBe(401)
      // So few in a minute that nothing is slowed down.
      clock += 61
      const wrong = { Authorization: 'Bearer wrong' }
      expect((await ask(port(), 'POST', path, { ...ownHeaders(port()), ...type, ...wrong }, '{}')).status).toBe(401)
    }
    expect((await ask(port(), 'GET', '/', { Host: `127.0.0.1:${port()}` })).status).toBe(200)
    expect(callers).toHaveLength(0)
  })

  test('of another kind is refused, and nothing is shared with other origins', async () => {
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'HEAD'])
      expect((await ask(port(), method, '/api/app:facts', ownHeaders(port()))).status).toBe(405)
    const { headers } = await ask(port(), 'GET', '/', { Host: `127.0.0.1:${port()}` })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin'
    })
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*connect-src 'self'$/)
  })

  test('for a file outside of the built page finds nothing, however it is written', async () => {
    const own = { Host: `127.0.0.1:${port()}` }
    expect((await ask(port(), 'GET', '/assets/page.js', own)).body).toBe('export {}')
    const paths = [
      '/../secret.html',
      '/..%2fsecret.html',
      '/assets/../../secret.html',
      '//secret.html',
      '/%2e%2e/secret.html',
      '/assets/page.js%00',
      '/constructor',
      '/.'
    ]
    for (const path of paths) expect((await ask(port(), 'GET', path, own)).status).toBe(404)
    expect((await ask(port(), 'GET', '/assets/page.js', { ...own, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  })

  test('that is right gets its reply', async () => {
    const page = await TestPage.open(shell)
    expect(await page.call('data:get', 'd-1')).toEqual({ channel: 'data:get', argument: 'd-1' })
  })
})

describe('the events', () => {
  const opened = (path: string, headers: Record<string, string>): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port()}${path}`, { headers })
      socket.on('open', () => {
        socket.close()
        resolve('open')
      })
      socket.on('error', (error: Error) => resolve(error.message))
    })

  test('need a ticket that is used once and soon, our own origin and our own host', async () => {
    const page = await TestPage.open(shell)
    const { Host, Origin } = ownHeaders(port()) as { Host: string; Origin: string }
    expect(await opened('/events?ticket=wrong', { Host, Origin })).toMatch('401')
    expect(await opened('/events', { Host, Origin })).toMatch('401')
    const ticket = await page.ticket()
    expect(await opened(`/events?ticket=${ticket}`, { Host, Origin: 'http://evil.example' })).toMatch('403')
    expect(await opened(`/events?ticket=${ticket}`, { Host: 'evil.example', Origin })).toMatch('421')
    expect(await opened(`/events?ticket=${ticket}`, { Host, Origin })).toBe('open')
    expect(await opened(`/events?ticket=${ticket}`, { Host, Origin })).toMatch('401')
    const late = await page.ticket()
    clock += 31
    expect(await opened(`/events?ticket=${late}`, { Host, Origin })).toMatch('401')
  })

  test('are not given to who guesses, and guessing is slowed down', async () => {
    const { Host, Origin } = ownHeaders(port()) as { Host: string; Origin: string }
    const guess = (): Promise<string> => opened(`/events?ticket=${'x'.repeat(43)}`, { Host, Origin })
    for (let i = 0; i < 10; i++) await guess()
    const began = performance.now()
    expect(await guess()).toMatch('401')
    expect(performance.now() - began).toBeGreaterThan(900)
  })

  test('arrive in the order and the frame in which they were sent', async () => {
    const page = await TestPage.open(shell)
    const heard: [string, unknown][] = []
    const socket = await page.listen((channel, payload) => heard.push([channel, payload]))
    for (const done of [1, 2, 3]) events.emit(['data:reading', { name: 'a.csv', phase: 'reading', done, total: 0 }])
    await new Promise((done) => setTimeout(done, 80))
    expect(heard).toEqual([['data:reading', { name: 'a.csv', phase: 'reading', done: 3, total: 0 }]])
    socket.close()
  })
})

describe('a page that is closed', () => {
  const wait = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, 1000 * seconds))

  test('is told of once none has come back for a while', async () => {
    const page = await TestPage.open(shell)
    const first = await page.listen(() => undefined)
    first.close()
    const again = await page.listen(() => undefined)
    await wait(1.3)
    expect(gone).toBe(0)
    again.close()
    await vi.waitFor(() => expect(gone).toBe(1), 5000)
  })
})

describe('uploads', () => {
  const upload = (page: TestPage, name: string, body: string, folderHandle = ''): ReturnType<typeof ask> =>
    page.post('/upload', body, {
      'Content-Type': 'application/octet-stream',
      'X-Attune-Name': encodeURIComponent(name),
      ...(folderHandle === '' ? {} : { 'X-Attune-Folder': folderHandle })
    })

  test('become handles for one purpose and one session; their names never become paths', async () => {
    const page = await TestPage.open(shell)
    const { handle } = JSON.parse((await upload(page, '../../evil\u202E.csv', 'a,b')).body) as { handle: string }
    expect(handle).toMatch(/^f-[0-9a-f]{32}$/)
    expect(await readdir(join(folder, 'quarantine'))).toEqual([expect.stringMatching(/^[0-9a-f]{16}\.csv$/)])
    await page.call('app:facts')
    const [caller] = callers
    expect(caller?.fileOf(handle, 'table').name).toBe('evil.csv')
    expect(() => caller?.fileOf(handle, 'model-folder')).toThrow('no longer at hand')
    expect(() => caller?.fileOf('f-0', 'table')).toThrow('no longer at hand')
    clock += 10
    const other = await TestPage.open(shell)
    await other.call('app:facts')
    expect(() => callers.at(-1)?.fileOf(handle, 'table')).toThrow('no longer at hand')
  })

  test('of a model folder take only the files of a model', async () => {
    const page = await TestPage.open(shell)
    const { handle } = JSON.parse((await page.post('/folder', '{"name":"my model"}')).body) as { handle: string }
    expect((await upload(page, 'config.json', '{}', handle)).status).toBe(200)
    for (const name of ['../config.json', 'a/config.json', 'pytorch_model.bin', '.json', 'x.json\0.exe', 'CON'])
      expect((await upload(page, name, '{}', handle)).status).toBe(400)
  })

  test('beyond the quota are refused and leave nothing', async () => {
    const page = await TestPage.open(shell)
    const answer = await upload(page, 'a.csv', 'x'.repeat(1001))
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('upload-quota')])
    expect(await readdir(join(folder, 'quarantine'))).toEqual([])
    expect((await upload(page, 'a.exe', 'x')).status).toBe(400)
  })
})

describe('downloads', () => {
  const own = (): Record<string, string> => ({ Host: `127.0.0.1:${port()}`, 'Sec-Fetch-Site': 'same-origin' })
  const offered = async (name = 'report.html', text = '<script>1</script>'): Promise<string> => {
    const path = outbox.newPath('.html')
    await writeFile(path, text)
    return outbox.offer(path, name)
  }
  const announced = async (page: TestPage, ticket: string, name = ''): Promise<string> => {
    const { body } = await page.post('/download', JSON.stringify({ ticket, name }))
    return (JSON.parse(body) as { address: string }).address // Written by our own server.
  }

  test('arrive as an attachment, once, and the file is gone afterwards', async () => {
    const page = await TestPage.open(shell)
    const address = await announced(page, await offered())
    expect(address).toMatch(/^\/download\/[\w-]{43}$/)
    const answer = await ask(port(), 'GET', address, own())
    expect([answer.status, answer.body]).toEqual([200, '<script>1</script>'])
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="report.html"; filename*=UTF-8''report.html`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store'
    })
    await expect.poll(() => readdir(join(folder, 'outbox'))).toEqual([])
    expect((await ask(port(), 'GET', address, own())).status).toBe(401)
  })

  test('need a ticket that is fresh, unused and of this session', async () => {
    const page = await TestPage.open(shell)
    const refused = async (ticket: string): Promise<void> => {
      const answer = await page.post('/download', JSON.stringify({ ticket, name: '' }))
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('download-gone')])
    }
    const used = await offered()
    await announced(page, used)
    await refused(used)
    await refused('o-wrong')
    await refused('../secret.html')
    const late = await offered()
    clock += 601
    await refused(late)
    const other = await offered()
    clock += 10
    await TestPage.open(shell)
    expect((await page.post('/download', JSON.stringify({ ticket: other, name: '' }))).status).toBe(401)
    expect(() => outbox.take(other)).toThrow('no longer waiting')
  })

  test('are fetched soon, by our own page, from our own host, or not at all', async () => {
    const page = await TestPage.open(shell)
    const address = await announced(page, await offered())
    expect((await ask(port(), 'GET', address, { ...own(), Host: 'evil.example' })).status).toBe(421)
    expect((await ask(port(), 'GET', address, { ...own(), 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await ask(port(), 'GET', '/download/wrong', own())).status).toBe(401)
    expect((await ask(port(), 'GET', '/download/../secret.html', own())).status).toBe(401)
    clock += 31
    expect((await ask(port(), 'GET', address, own())).status).toBe(401)
    const taken = await announced(page, await offered())
    clock += 10
    await TestPage.open(shell)
    expect((await ask(port(), 'GET', taken, own())).status).toBe(401)
  })

  test('take no bearer for a ticket of the events, and the reverse', async () => {
    const page = await TestPage.open(shell)
    expect((await ask(port(), 'GET', `/download/${await page.ticket()}`, own())).status).toBe(401)
  })

  test('have a name that every system can give, whoever suggests it', async () => {
    const page = await TestPage.open(shell)
    const address = await announced(page, await offered(), '../../a\u202Egnp"\r\nX: y.csv')
    const { headers } = await ask(port(), 'GET', address, own())
    expect(headers['content-disposition']).toBe(`attachment; filename="agnp_X_ y.csv"; filename*=UTF-8''agnp_X_%20y.csv`)
    expect(headers['x']).toBeUndefined()
  })
})

describe('the folder picker', () => {
  interface Folder {
    readonly id: string
    readonly name: string
  }
  interface Listed {
    readonly id: string
    readonly crumbs: readonly Folder[]
    readonly folders: readonly Folder[]
    readonly error?: { readonly code: string }
  }
  const asked = async (page: TestPage, what: string, body: object): Promise<Listed & { readonly handle?: string }> =>
    JSON.parse((await page.post(`/folders/${what}`, JSON.stringify(body))).body) as Listed // Written by our own server.
  const named = (folders: readonly Folder[]): string[] => folders.map(({ name }) => name)

  test('lists folders by name alone, below its root, links resolved', async () => {
    const home = join(folder, 'home')
    await writeFile(join(home, 'secret.txt'), 'secret')
    await mkdir(join(home, '.cache'))
    await symlink(join(home, 'models'), join(home, 'inner'))
    await symlink(folder, join(home, 'outer'))
    await symlink('/', join(home, 'system'))
    await symlink(join(folder, 'secret.html'), join(home, 'file'))
    const page = await TestPage.open(shell)
    const top = await asked(page, 'list', {})
    expect(named(top.folders)).toEqual(['inner', 'models', '.cache'])
    expect(JSON.stringify(top)).not.toContain(folder)
    const inner = await asked(page, 'list', { folder: top.folders[0]!.id })
    expect([named(inner.crumbs), named(inner.folders)]).toEqual([['home', 'models'], ['bert']])
  })

  test('hands over handles for one purpose and one session, and takes no path for an id', async () => {
    const page = await TestPage.open(shell)
    const top = await asked(page, 'list', {})
    const models = await asked(page, 'list', { folder: top.folders[0]!.id })
    const { id } = models.folders[0]!
    const { handle = '' } = await asked(page, 'choose', { folder: id, purpose: 'model-folder' })
    await page.call('app:facts')
    expect(callers[0]?.fileOf(handle, 'model-folder')).toMatchObject({ path: join(folder, 'home/models/bert'), name: 'bert' })
    expect(() => callers[0]?.fileOf(handle, 'folder')).toThrow('no longer at hand')
    expect((await asked(page, 'choose', { folder: id, purpose: 'table' })).error?.code).toBe('bad-request')
    for (const wrong of ['..', '/', folder, `${id}/..`, '../home', 'p-0', '__proto__', 7, { id }])
      for (const what of ['list', 'choose', 'make'])
        expect((await asked(page, what, { folder: wrong, purpose: 'folder', name: 'x' })).error?.code).toBe('folder-gone')
    clock += 10
    const other = await TestPage.open(shell)
    expect((await asked(other, 'list', { folder: id })).error?.code).toBe('folder-gone')
  })

  test('looks anew where a folder leads when it is chosen', async () => {
    const page = await TestPage.open(shell)
    const top = await asked(page, 'list', {})
    await rm(join(folder, 'home/models'), { recursive: true })
    await symlink(folder, join(folder, 'home/models'))
    expect((await asked(page, 'choose', { folder: top.folders[0]!.id, purpose: 'folder' })).error?.code).toBe('folder-gone')
  })

  test('makes a folder under a name that every system can give, and overwrites none', async () => {
    const page = await TestPage.open(shell)
    const made = await asked(page, 'make', { name: 'Backups 2026' })
    expect(named(made.crumbs)).toEqual(['home', 'Backups 2026'])
    for (const name of ['Backups 2026', '../out', 'a/b', '..', 'CON', '', 'a\0b', 'a\u202Eb', 7])
      expect((await asked(page, 'make', { name })).error?.code).toBe('folder-name')
    expect((await readdir(join(folder, 'home'))).toSorted()).toEqual(['Backups 2026', 'models'])
  })

  test('says which folder is missing where its root is', async () => {
    const opened = LoopbackShell.open({
      dispatch: () => Promise.reject(new Error('none')),
      events: new Events(),
      pages: join(folder, 'pages'),
      quarantine: () => join(folder, 'quarantine'),
      outbox,
      root: join(folder, 'nowhere')
    })
    await expect(opened).rejects.toThrow('after --root')
  })
})
