package io.verbatim.pubsub.redis;

/// The keys and arguments of a script, encoded together with the command.
interface ScriptArguments {

  /// The number of keys and arguments.
  int count();

  int keys();

  /// The approximate size in bytes.
  int size();

  void encode(RespWriter out);

  /// Keys and arguments as they are.
  @SuppressWarnings("ArrayRecordComponent")
  record Plain(String[] keyNames, byte[]... arguments) implements ScriptArguments {
    @Override
    public int count() {
      return keyNames.length + arguments.length;
    }

    @Override
    public int keys() {
      return keyNames.length;
    }

    @Override
    public int size() {
      int size = 64 * keyNames.length;
      for (byte[] argument : arguments) {
        size += argument.length + 16;
      }
      return size;
    }

    @Override
    public void encode(RespWriter out) {
      for (String key : keyNames) {
        out.text(key);
      }
      for (byte[] argument : arguments) {
        out.bytes(argument);
      }
    }
  }
}
