namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>The word that was probably meant.</summary>
static class NearestWord
{
    /// <summary><c>Did you mean X?</c> where one is near, else all there are.</summary>
    public static string Advice(string text, IReadOnlyCollection<string> words)
    {
        var nearest = words.MinBy(word => Levenshtein(word, text));
        return nearest is not null && Levenshtein(nearest, text) <= 2 + (text.Length / 8) ? $"Did you mean {nearest}?" : $"Known here: {string.Join(", ", words)}.";
    }

    static int Levenshtein(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }

        return row[right.Length];
    }
}
