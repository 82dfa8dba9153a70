/** Style sheets are bundled by the build; a module that imports one takes nothing from it. */
declare module '*.css'
