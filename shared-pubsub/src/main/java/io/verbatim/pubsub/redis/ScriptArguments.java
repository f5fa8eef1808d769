package io.verbatim.pubsub.redis;

/// The keys and arguments of a script, encoded when the command is.
interface ScriptArguments {

  /// How many keys and arguments follow the number of keys.
  int count();

  int keys();

  /// About how many bytes they take.
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
