import type { ByteSlice, UnknownTag } from './byte-slice.ts'

/**
 * A message as its writer takes it: any field may be left out, at any depth, and then has the protocol's default.
 * Readers always return the whole message.
 */
export type Draft<Message> = Message extends Uint8Array | ByteSlice | UnknownTag
  ? Message
  : Message extends readonly (infer Element)[]
    ? readonly Draft<Element>[]
    : Message extends object
      ? { readonly [Field in keyof Message]?: Draft<Message[Field]> | undefined }
      : Message
